namespace GradFlow.Theory;

/// <summary>A fully connected layer at initialisation, y = W·x + b with independent zero-mean entries.</summary>
/// <param name="FanIn">Inputs per unit.</param>
/// <param name="FanOut">Units.</param>
/// <param name="WeightVariance">Variance of one weight: σw²/fan-in in mean-field terms.</param>
/// <param name="BiasVariance">Variance of one bias.</param>
/// <remarks>
/// Each of the fan-in entries of ∂L/∂x = Wᵀ·∂L/∂y has variance Var(w)·‖∂L/∂y‖², so the squared norm grows by
/// fan-in·Var(w), whatever the fan-out (Glorot &amp; Bengio 2010, eq. 6, summed over units).
/// </remarks>
public sealed record DenseStage(int FanIn, int FanOut, double WeightVariance, double BiasVariance = 0) : Stage
{
    /// <summary>Inputs per unit.</summary>
    public int FanIn { get; } = Positive(FanIn, nameof(FanIn));

    /// <summary>Units.</summary>
    public int FanOut { get; } = Positive(FanOut, nameof(FanOut));

    /// <summary>Variance of one weight: σw²/fan-in in mean-field terms.</summary>
    public double WeightVariance { get; } = Variance(WeightVariance, nameof(WeightVariance));

    /// <summary>Variance of one bias.</summary>
    public double BiasVariance { get; } = Variance(BiasVariance, nameof(BiasVariance));

    /// <summary>
    /// Weights and biases from U(±1/√fan-in), as PyTorch's <c>Linear</c> has by default: variance 1/(3·fan-in).
    /// </summary>
    /// <param name="fanIn">Inputs per unit.</param>
    /// <param name="fanOut">Units.</param>
    public static DenseStage PyTorchDefault(int fanIn, int fanOut) =>
        new(fanIn, fanOut, 1.0 / (3 * fanIn), 1.0 / (3 * fanIn));

    /// <summary>
    /// A (semi-)orthogonal matrix times a gain: entries of variance gain²/max(fan-in, fan-out), which reproduces its
    /// mean squared action in both directions (Saxe et al. 2014).
    /// </summary>
    /// <param name="fanIn">Inputs per unit.</param>
    /// <param name="fanOut">Units.</param>
    /// <param name="gain">Factor on the orthogonal matrix.</param>
    /// <param name="biasVariance">Variance of one bias.</param>
    public static DenseStage Orthogonal(int fanIn, int fanOut, double gain = 1, double biasVariance = 0) =>
        new(fanIn, fanOut, gain * gain / Math.Max(fanIn, fanOut), biasVariance);

    /// <summary>The same layer with weights multiplied by a factor.</summary>
    /// <param name="factor">A finite number.</param>
    public DenseStage Scaled(double factor) => new(FanIn, FanOut, WeightVariance * Square(factor), BiasVariance);

    /// <summary>
    /// A convolution: a fully connected layer for every position, with the same weights at each. What it says of mean
    /// squares is the same, as they are means over positions; zeros around an image are inputs that don't count.
    /// </summary>
    /// <param name="fanIn">Inputs per unit: channels of a group times entries of the kernel.</param>
    /// <param name="fanOut">Output channels.</param>
    /// <param name="weightVariance">Variance of one weight.</param>
    /// <param name="biasVariance">Variance of one bias.</param>
    /// <param name="share">The share of a unit's inputs that lie on the image, the mean over positions.</param>
    public static DenseStage Convolution(
        int fanIn, int fanOut, double weightVariance, double biasVariance, double share) =>
        new(fanIn, fanOut, weightVariance * share, biasVariance);

    internal override SignalState Forward(SignalState input)
    {
        var sigmaW2 = FanIn * WeightVariance;
        return new SignalState(
            sigmaW2 * input.SecondMoment + BiasVariance, sigmaW2 * input.Covariance + BiasVariance);
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (FanIn * WeightVariance,
        GradientState.Free(gradient.Correlation));
}
