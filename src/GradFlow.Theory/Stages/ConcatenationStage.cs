namespace GradFlow.Theory;

/// <summary>[x, branch(x)] (Huang et al. 2017), the branch holding weights of its own.</summary>
/// <remarks>
/// Random weights behind the block give every unit the same share of the gradient, so that the squares of the two paths
/// add by their units: with shares s of the input and 1 − s of the branch, s + (1 − s)·(branch gain)².
/// </remarks>
public sealed record ConcatenationStage : BlockStage
{
    /// <summary>Describes the block.</summary>
    /// <param name="branch">The branch's stages.</param>
    /// <param name="inputUnits">Units that come in; at least 1.</param>
    /// <param name="branchUnits">Units that the branch makes; at least 1.</param>
    public ConcatenationStage(IReadOnlyList<Stage> branch, int inputUnits, int branchUnits)
        : base(branch)
    {
        InputUnits = Positive(inputUnits, nameof(inputUnits));
        BranchUnits = Positive(branchUnits, nameof(branchUnits));
    }

    /// <summary>Units that come in.</summary>
    public int InputUnits { get; }

    /// <summary>Units that the branch makes.</summary>
    public int BranchUnits { get; }

    /// <summary>The branch's share of the block's units.</summary>
    public double BranchShare => (double)BranchUnits / (InputUnits + BranchUnits);

    internal override double SquaredBranchShare(SignalState input) => BranchShare;

    internal override double SquaredSkipShare(SignalState input) => 1 - BranchShare;

    internal override SignalState Forward(SignalState input)
    {
        if (!IsCovered)
        {
            return SignalState.Unknown;
        }

        var branch = Branch.Aggregate(input, (state, stage) => stage.Forward(state));
        double Mixed(double skip, double other) => (1 - BranchShare) * skip + BranchShare * other;
        return new SignalState(
            Mixed(input.SecondMoment, branch.SecondMoment),
            Mixed(input.Covariance, branch.Covariance),
            Mixed(input.Mean, branch.Mean))
        {
            IsGaussian = false,
        };
    }
}
