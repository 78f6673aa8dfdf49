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
    /// <param name="shortcut">What stands for x beside the branch, dense or padding; null for x itself.</param>
    public ResidualStage(IReadOnlyList<Stage> branch, double scale = 1, Stage? shortcut = null)
        : base(branch)
    {
        Scale = double.IsFinite(scale)
            ? scale
            : throw new ArgumentOutOfRangeException(
                nameof(scale), scale, "A branch's scale has to be a finite number.");
        Shortcut = shortcut;
    }

    /// <summary>What stands for x beside the branch; null for x itself.</summary>
    public Stage? Shortcut { get; }

    /// <summary>α.</summary>
    public double Scale { get; }

    internal override double SquaredBranchShare(SignalState input) => Square(Scale);

    internal override double SquaredSkipShare(SignalState input) =>
        Shortcut?.Backward(input, GradientState.Free(double.NaN)).SquaredGain ?? 1;

    internal override SignalState Forward(SignalState input)
    {
        if (!IsCovered)
        {
            return SignalState.Unknown;
        }

        var branch = Branch.Aggregate(input, (state, stage) => stage.Forward(state));
        var skip = Shortcut?.Forward(input) ?? input;
        var common = 2 * Scale * skip.Mean * branch.Mean;
        return new SignalState(
            skip.SecondMoment + Square(Scale) * branch.SecondMoment + common,
            skip.Covariance + Square(Scale) * branch.Covariance + common,
            skip.Mean + Scale * branch.Mean);
    }
}
