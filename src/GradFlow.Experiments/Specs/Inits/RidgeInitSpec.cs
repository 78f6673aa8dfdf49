namespace GradFlow.Experiments;

/// <summary>
/// Ridge regression on the whole of the training data: the last layer begins where, for what comes into it, its squared
/// error is least. With <c>steps: 0</c> nothing else is trained.
/// </summary>
[Entry("ridge")]
public sealed record RidgeInitSpec : InitSpec
{
    /// <summary>What the squared weights, biases aside, are multiplied by, beside the sum of squared errors.</summary>
    [Shorthand]
    [Limits(AtLeast = 0)]
    public double Alpha { get; init; } = 1e-6;
}
