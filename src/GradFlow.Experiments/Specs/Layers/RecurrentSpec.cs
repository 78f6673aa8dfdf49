namespace GradFlow.Experiments;

/// <summary>A layer that reads a sequence step by step and gives its state at every step.</summary>
public abstract record RecurrentSpec : LayerSpec
{
    /// <summary>The number of outputs per time step.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public required int Out { get; init; }

    /// <summary>How the weights of the input are drawn.</summary>
    [Written]
    public InitSpec Init { get; init; } = new TorchInitSpec();

    /// <summary>How the weights of the state are drawn, those of each gate on their own.</summary>
    [Written]
    public InitSpec RecurrentInit { get; init; } = new TorchInitSpec();

    /// <summary>
    /// How both biases are drawn, that of the input and that of the state; <c>none</c> for no biases.
    /// </summary>
    public BiasInitSpec? Bias { get; init; } = new TorchInitSpec();

    /// <summary>What is wrong where a gate's bias is set in a layer that has no biases; null if nothing is.</summary>
    /// <param name="key">The key that sets it.</param>
    /// <param name="bias">What it is set to.</param>
    private protected SpecProblem? FindGateWithoutBias(string key, double? bias) => bias is not null && Bias is null
        ? new SpecProblem(key, $"'{key}' sets a bias, but 'bias' is none; leave one of them out")
        : null;
}
