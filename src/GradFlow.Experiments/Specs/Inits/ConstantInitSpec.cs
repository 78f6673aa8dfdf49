namespace GradFlow.Experiments;

/// <summary>The same value everywhere.</summary>
[Entry("constant")]
public sealed record ConstantInitSpec : BiasInitSpec
{
    /// <summary>The value.</summary>
    [Shorthand]
    [Key("c")]
    [Limits(AtLeast = -1e6, AtMost = 1e6)]
    public required double Value { get; init; }
}
