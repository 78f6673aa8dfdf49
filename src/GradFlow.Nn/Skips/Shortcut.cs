using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// What lies beside a residual block's branch that changes the shape, where the identity doesn't fit (He et al. 2016,
/// section 3.3).
/// </summary>
public abstract class Shortcut
{
    private protected Shortcut()
    {
    }

    /// <summary>The parameters; empty for none.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What is added to the branch's output.</summary>
    internal abstract Variable Of(Variable x);
}
