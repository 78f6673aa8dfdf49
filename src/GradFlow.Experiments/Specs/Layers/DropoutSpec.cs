namespace GradFlow.Experiments;

/// <summary>Sets entries to 0 at random while training, and scales the others by 1/(1 − p).</summary>
[Entry("dropout")]
public sealed record DropoutSpec : LayerSpec
{
    /// <summary>The probability that an entry is set to 0.</summary>
    [Shorthand]
    [Limits(AtLeast = 0, Below = 1)]
    public double P { get; init; } = 0.5;
}
