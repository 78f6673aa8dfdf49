namespace GradFlow.Experiments;

/// <summary>
/// √n segments of √n layers, which needs least where layers are alike, and in recurrent layers √T segments of √T time
/// steps (Chen et al. 2016).
/// </summary>
[Entry("sqrt")]
public sealed record SqrtCheckpointingSpec : CheckpointingSpec
{
    internal override int SegmentLength(int layers) => Math.Max(1, (int)Math.Ceiling(Math.Sqrt(layers)));

    internal override bool PartsTimeSteps => true;
}
