namespace GradFlow.Theory;

/// <summary>x + α·branch(x) (He et al. 2016), the branch holding weights of its own.</summary>
/// <param name="Branch">The branch's stages, at least one of them dense; without weights it isn't covered.</param>
/// <param name="Scale">α.</param>
/// <remarks>
/// Fresh zero-mean weights make the two paths uncorrelated, so their squares add: 1 + α²·(branch gain)², and
/// (1 + α²)^L over L blocks that keep squares.
/// </remarks>
public sealed record ResidualStage(IReadOnlyList<Stage> Branch, double Scale = 1) : Stage
{
    /// <summary>The branch's stages.</summary>
    public IReadOnlyList<Stage> Branch { get; } = Branch ?? throw new ArgumentNullException(nameof(Branch));

    /// <summary>α.</summary>
    public double Scale { get; } = double.IsFinite(Scale)
        ? Scale
        : throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "A branch's scale has to be a finite number.");

    internal bool IsCovered => Branch.Any(stage => stage is DenseStage or ResidualStage { IsCovered: true });

    internal override SignalState Forward(SignalState input)
    {
        if (!IsCovered)
        {
            return SignalState.Unknown;
        }

        var branch = Branch.Aggregate(input, (state, stage) => stage.Forward(state));
        var common = 2 * Scale * input.Mean * branch.Mean;
        return new SignalState(
            input.SecondMoment + Square(Scale) * branch.SecondMoment + common,
            input.Covariance + Square(Scale) * branch.Covariance + common,
            input.Mean + Scale * branch.Mean);
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        var (branch, last) = SignalPropagation.Backward(Branch, SignalPropagation.Inputs(Branch, input), gradient);
        var squaredBranch = Square(Scale) * branch.Aggregate(1.0, (product, gain) => product * gain);
        var squaredGain = IsCovered ? 1 + squaredBranch : double.NaN;
        var correlation = (gradient.Correlation + squaredBranch * last.Correlation) / (1 + squaredBranch);
        return (squaredGain, GradientState.Free(correlation));
    }
}
