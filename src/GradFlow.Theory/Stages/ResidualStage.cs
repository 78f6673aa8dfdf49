namespace GradFlow.Theory;

/// <summary>x + α·branch(x) (He et al. 2016), the branch holding weights of its own.</summary>
/// <remarks>
/// The squares of the two paths add to 1 + α²·(branch gain)², and to (1 + α²)^L over L blocks that keep squares.
/// </remarks>
public sealed record ResidualStage : BlockStage
{
    /// <summary>Describes the block.</summary>
    /// <param name="branch">The branch's stages.</param>
    /// <param name="scale">α.</param>
    public ResidualStage(IReadOnlyList<Stage> branch, double scale = 1)
        : base(branch) => Scale = double.IsFinite(scale)
            ? scale
            : throw new ArgumentOutOfRangeException(nameof(scale), scale, "A branch's scale has to be a finite number.");

    /// <summary>α.</summary>
    public double Scale { get; }

    internal override double SquaredBranchShare(SignalState input) => Square(Scale);

    internal override double SquaredSkipShare(SignalState input) => 1;

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
}
