namespace GradFlow.Experiments;

/// <summary>Scales each parameter's gradient on its own so that its norm is at most this.</summary>
[Entry("per-parameter")]
public sealed record ClipPerParameterSpec : ClipSpec
{
    /// <summary>The largest norm.</summary>
    [Shorthand]
    [Limits(Above = 0)]
    public required double Max { get; init; }
}
