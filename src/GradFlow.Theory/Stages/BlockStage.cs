namespace GradFlow.Theory;

/// <summary>A block with an identity path beside a branch that holds weights of its own.</summary>
/// <remarks>
/// Fresh zero-mean weights make the two paths uncorrelated, so that the squares of their gradients add.
/// </remarks>
public abstract record BlockStage : Stage
{
    private protected BlockStage(IReadOnlyList<Stage> branch) =>
        Branch = branch ?? throw new ArgumentNullException(nameof(branch));

    /// <summary>The branch's stages, at least one of them dense; without weights the block isn't covered.</summary>
    public IReadOnlyList<Stage> Branch { get; }

    internal bool IsCovered =>
        Branch.Any(stage => stage is DenseStage or UnitVarianceStage or BlockStage { IsCovered: true });

    /// <summary>The squared norm of the gradient that enters the branch, relative to the block's.</summary>
    internal abstract double SquaredBranchShare(SignalState input);

    /// <summary>The squared norm of the gradient that goes back beside the branch, relative to the block's.</summary>
    internal abstract double SquaredSkipShare(SignalState input);

    internal sealed override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient)
    {
        var (branch, last) = SignalPropagation.Backward(Branch, SignalPropagation.Inputs(Branch, input), gradient);
        var squaredSkip = SquaredSkipShare(input);
        var squaredBranch = SquaredBranchShare(input) * branch.Aggregate(1.0, (product, gain) => product * gain);
        var squaredGain = IsCovered ? squaredSkip + squaredBranch : double.NaN;
        var correlation = (squaredSkip * gradient.Correlation + squaredBranch * last.Correlation)
            / (squaredSkip + squaredBranch);
        return (squaredGain, GradientState.Free(correlation));
    }
}
