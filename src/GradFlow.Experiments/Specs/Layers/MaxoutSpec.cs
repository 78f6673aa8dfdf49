namespace GradFlow.Experiments;

/// <summary>The largest of several features each, of every k·m features m (Goodfellow et al. 2013).</summary>
[Entry("maxout")]
public sealed record MaxoutSpec : ActivationSpec
{
    /// <summary>k: how many features each output is the largest of; divides what the layer gets.</summary>
    [Shorthand]
    [Limits(AtLeast = 2, AtMost = 1000)]
    public int Pieces { get; init; } = 2;
}
