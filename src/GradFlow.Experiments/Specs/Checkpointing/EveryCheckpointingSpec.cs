namespace GradFlow.Experiments;

/// <summary>Segments of so many layers.</summary>
[Entry("every")]
public sealed record EveryCheckpointingSpec : CheckpointingSpec
{
    /// <summary>Entries of the model's list per segment, those of a <c>repeat</c> counted each time.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 10_000)]
    public required int Layers { get; init; }

    internal override int SegmentLength(int layers) => Layers;

    internal override bool PartsTimeSteps => false;
}
