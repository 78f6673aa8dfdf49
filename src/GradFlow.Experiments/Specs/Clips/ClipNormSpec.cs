namespace GradFlow.Experiments;

/// <summary>Scales all gradients together so that their joint norm is at most this (Pascanu et al. 2013).</summary>
[Entry("norm")]
public sealed record ClipNormSpec : ClipSpec
{
    /// <summary>The largest norm.</summary>
    [Shorthand]
    [Limits(Above = 0)]
    public required double Max { get; init; }
}
