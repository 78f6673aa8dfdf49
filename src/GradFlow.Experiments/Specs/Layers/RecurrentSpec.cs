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

    /// <summary>
    /// Whether a second such layer reads each sample from its last time step to its first; the outputs of both stand
    /// beside each other, twice <c>out</c>.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>What is wrong where gates get both a bias and time scales.</summary>
    /// <param name="chrono">The longest time scale.</param>
    /// <param name="key">The key of the bias.</param>
    /// <param name="bias">What it is set to.</param>
    private protected SpecProblem? FindGateProblem(double? chrono, string key, double? bias) =>
        chrono is not null && bias is not null
            ? new SpecProblem(
                "chrono", $"'chrono' and '{key}' both set the bias of the same gates; leave one of them out")
            : FindGateWithoutBias("chrono", chrono) ?? FindGateWithoutBias(key, bias);

    /// <summary>What is wrong where a gate's bias is set in a layer that has no biases; null if nothing is.</summary>
    /// <param name="key">The key that sets it.</param>
    /// <param name="bias">What it is set to.</param>
    private protected SpecProblem? FindGateWithoutBias(string key, double? bias) => bias is not null && Bias is null
        ? new SpecProblem(key, $"'{key}' sets a bias, but 'bias' is none; leave one of them out")
        : null;
}
