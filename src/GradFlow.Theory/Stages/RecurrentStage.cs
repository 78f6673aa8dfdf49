namespace GradFlow.Theory;

/// <summary>
/// A recurrent layer at initialisation, in the state that it settles into after some time steps. Its gain through depth
/// isn't covered: that sums what arrives from all later time steps.
/// </summary>
/// <param name="Weights">Its weights and biases.</param>
public abstract record RecurrentStage(RecurrentEnsemble Weights) : Stage
{
    /// <summary>Its weights and biases.</summary>
    public RecurrentEnsemble Weights { get; } = Weights ?? throw new ArgumentNullException(nameof(Weights));

    /// <summary>
    /// Expected decades of gradient norm per time step backwards, the mean over as many steps; negative where the
    /// gradient vanishes through time.
    /// </summary>
    /// <param name="input">What the layer gets at one time step.</param>
    /// <param name="steps">Time steps back, at least 1.</param>
    /// <returns>Null where not covered.</returns>
    public double? DecadesPerStep(SignalState input, int steps)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        var decades = input.HasScale ? Decades(Weights.Drive(input.SecondMoment), steps) / steps : double.NaN;
        return double.IsNaN(decades) ? null : decades;
    }

    /// <summary>Decades over as many steps back; NaN where not covered.</summary>
    private protected abstract double Decades(double drive, int steps);

    /// <summary>The state that is handed to the next layer; NaN moments where not covered.</summary>
    private protected abstract (double SecondMoment, double Mean) State(double drive);

    internal sealed override SignalState Forward(SignalState input)
    {
        if (!input.HasScale)
        {
            return SignalState.Unknown;
        }

        var (q, mean) = State(Weights.Drive(input.SecondMoment));
        var output = new SignalState(q, double.NaN, mean) { IsGaussian = false };
        return output.HasScale ? output : SignalState.Unknown;
    }

    internal sealed override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (double.NaN, GradientState.Free(double.NaN));
}

/// <summary>
/// What the weights of a recurrent layer, W·x + b + U·h + b', are drawn from: independent entries, those of W and U
/// with mean zero.
/// </summary>
/// <param name="FanIn">Inputs per time step.</param>
/// <param name="InputVariance">Variance of an entry of W.</param>
/// <param name="SigmaU2">σu²: units times the variance of an entry of U; gain² of an orthogonal U.</param>
/// <param name="BiasVariance">Variance of both biases together.</param>
/// <param name="BiasMean">Mean of both biases together.</param>
public sealed record RecurrentEnsemble(
    int FanIn, double InputVariance, double SigmaU2, double BiasVariance = 0, double BiasMean = 0)
{
    /// <summary>Inputs per time step.</summary>
    public int FanIn { get; } = FanIn > 0
        ? FanIn
        : throw new ArgumentOutOfRangeException(nameof(FanIn), FanIn, "A layer has at least one input.");

    /// <summary>Variance of an entry of W.</summary>
    public double InputVariance { get; } = Variance(InputVariance, nameof(InputVariance));

    /// <summary>σu²: units times the variance of an entry of U; gain² of an orthogonal U.</summary>
    public double SigmaU2 { get; } = Variance(SigmaU2, nameof(SigmaU2));

    /// <summary>Variance of both biases together.</summary>
    public double BiasVariance { get; } = Variance(BiasVariance, nameof(BiasVariance));

    /// <summary>v: variance of W·x plus that of the biases, what drives the layer at every time step.</summary>
    /// <param name="inputSecondMoment">Mean squared input.</param>
    internal double Drive(double inputSecondMoment) => FanIn * InputVariance * inputSecondMoment + BiasVariance;

    private static double Variance(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A variance has to be a finite number of at least 0.");
}
