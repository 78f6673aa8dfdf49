using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// y = x + α·branch(x) (He et al. 2016; scaled branches: Szegedy et al. 2017). Where the branch begins with
/// normalisation and activation the block is pre-activated, and the identity path reaches through all blocks unchanged
/// (He et al. 2016b); with an activation behind the block it is the first form of He et al. Where the branch changes
/// the shape, a shortcut stands for x.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="branch">
/// The modules of the branch; its output must have the shape of its input, or the shortcut's.
/// </param>
/// <param name="scale">α; 1 is the plain residual block.</param>
/// <param name="shortcut">What stands for x beside the branch; null for x itself.</param>
public sealed class Residual(string name, IReadOnlyList<Module> branch, double scale = 1, Shortcut? shortcut = null)
    : SkipBlock(name, "residual", branch)
{
    /// <summary>α.</summary>
    public double Scale { get; } = scale;

    /// <summary>What stands for x beside the branch; null for x itself.</summary>
    public Shortcut? Shortcut { get; } = shortcut;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => Shortcut?.Parameters ?? [];

    /// <inheritdoc/>
    internal override Variable Join(Variable x, Variable branch) =>
        Sum(Shortcut?.Of(x) ?? x, branch, y => Scale == 1 ? y : Ops.Scale(y, Scale));
}
