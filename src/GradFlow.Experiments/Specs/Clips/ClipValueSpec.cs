namespace GradFlow.Experiments;

/// <summary>Cuts each entry of the gradients to at most this magnitude.</summary>
[Entry("value")]
public sealed record ClipValueSpec : ClipSpec
{
    /// <summary>The largest magnitude.</summary>
    [Shorthand]
    [Limits(Above = 0)]
    public required double Max { get; init; }
}
