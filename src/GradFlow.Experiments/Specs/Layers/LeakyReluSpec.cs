namespace GradFlow.Experiments;

/// <summary>The leaky rectifier: x above 0, slope·x below.</summary>
[Entry("leaky-relu")]
public sealed record LeakyReluSpec : ActivationSpec
{
    /// <summary>The slope below 0.</summary>
    [Shorthand]
    public double Slope { get; init; } = 0.01;
}
