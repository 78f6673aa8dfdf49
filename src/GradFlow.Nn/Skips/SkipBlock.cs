using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A block with an identity path beside a branch. Blocks differ in how the two are joined, and so in how much of the
/// gradient comes back by each.
/// </summary>
public abstract class SkipBlock : Module
{
    private protected SkipBlock(string name, string type, IReadOnlyList<Module> branch)
        : base(name, type, ModuleKind.Residual) =>
        Children = branch ?? throw new ArgumentNullException(nameof(branch));

    /// <summary>The branch's modules, in the order in which data passes.</summary>
    public sealed override IReadOnlyList<Module> Children { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <summary>The block's output, of its input and its branch's output; called in the block's scope.</summary>
    internal abstract Variable Join(Variable x, Variable branch);

    /// <inheritdoc/>
    protected sealed override Variable Forward(Variable x, Pass pass)
    {
        Variable y = x;
        foreach (Module child in Children) y = child.Apply(y, pass);
        return Join(x, y);
    }

    /// <summary>x + branch, which must be of one shape.</summary>
    private protected Variable Sum(Variable x, Variable branch, Func<Variable, Variable> scaled)
    {
        if (branch.Shape != x.Shape)
            throw new ArgumentException(
                $"the branch of {Name} gives {branch.Shape}, and {x.Shape} lies beside it; expected the same shape");
        return Ops.Add(x, scaled(branch));
    }
}
