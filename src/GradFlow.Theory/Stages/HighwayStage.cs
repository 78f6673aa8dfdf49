namespace GradFlow.Theory;

/// <summary>T·branch(x) + (1 − T)·x with random gates T = σ(u), u = W·x + b (Srivastava et al. 2015).</summary>
/// <remarks>
/// u is Gaussian around b. The gradient's square goes back by the branch with E[T²], beside it with E[(1 − T)²], and
/// through the gates themselves with σw²·E[σ'(u)²]·E[(branch − x)²]; fresh weights make the three uncorrelated.
/// </remarks>
public sealed record HighwayStage : BlockStage
{
    /// <summary>Describes the block.</summary>
    /// <param name="branch">The branch's stages.</param>
    /// <param name="gateSigmaW2">σw² of the gates: features times the variance of a weight.</param>
    /// <param name="gateBias">b.</param>
    public HighwayStage(IReadOnlyList<Stage> branch, double gateSigmaW2, double gateBias)
        : base(branch)
    {
        GateSigmaW2 = Variance(gateSigmaW2, nameof(gateSigmaW2));
        GateBias = double.IsFinite(gateBias)
            ? gateBias
            : throw new ArgumentOutOfRangeException(
                nameof(gateBias), gateBias, "A gate's bias has to be a finite number.");
    }

    /// <summary>σw² of the gates: features times the variance of a weight.</summary>
    public double GateSigmaW2 { get; }

    /// <summary>b.</summary>
    public double GateBias { get; }

    internal override double SquaredBranchShare(SignalState input) => Gate(input, u => Square(Open(u)));

    internal override double SquaredSkipShare(SignalState input)
    {
        var branch = BranchOutput(input);
        var difference = branch.SecondMoment + input.SecondMoment - 2 * branch.Mean * input.Mean;
        return Gate(input, u => Square(Open(-u)))
            + GateSigmaW2 * Gate(input, u => Square(Nonlinearities.Sigmoid.Slope(u))) * difference;
    }

    internal override SignalState Forward(SignalState input)
    {
        if (!IsCovered || !input.HasScale)
        {
            return SignalState.Unknown;
        }

        var branch = BranchOutput(input);
        var mean = Gate(input, Open);
        return new SignalState(
            Mixed(SquaredBranchShare(input), branch.SecondMoment, input.SecondMoment),
            input.HasSpread ? Mixed(SharedBetweenSamples(input), branch.Covariance, input.Covariance) : double.NaN,
            mean * branch.Mean + (1 - mean) * input.Mean);

        // E[T·T'] given, the carried share is E[(1−T)(1−T')] and the product of both E[T(1−T')].
        double Mixed(double open, double other, double carried) =>
            open * other + (1 - 2 * mean + open) * carried + 2 * (mean - open) * branch.Mean * input.Mean;
    }

    private SignalState BranchOutput(SignalState input) =>
        Branch.Aggregate(input, (state, stage) => stage.Forward(state));

    private double SharedBetweenSamples(SignalState input)
    {
        var q = GateSigmaW2 * input.SecondMoment;
        return BivariateGaussian.Expect(z => Open(GateBias + z), q, q, GateSigmaW2 * input.Covariance, 0, []);
    }

    private double Gate(SignalState input, Func<double, double> f) => input.HasScale
        ? GaussianQuadrature.Expect(f, GateBias, Math.Sqrt(GateSigmaW2 * input.SecondMoment))
        : double.NaN;

    private static double Open(double u) => Nonlinearities.Sigmoid.Value(u);
}
