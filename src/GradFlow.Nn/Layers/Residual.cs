using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>y = x + α·branch(x) (He et al. 2016; scaled branches: Zhang, Dauphin &amp; Ma 2019).</summary>
/// <param name="name">The stable name.</param>
/// <param name="branch">The modules of the branch; its output must have its input's shape.</param>
/// <param name="scale">α; 1 is the plain residual block.</param>
public sealed class Residual(string name, IReadOnlyList<Module> branch, double scale = 1)
    : Module(name, "residual", ModuleKind.Residual)
{
    /// <summary>α.</summary>
    public double Scale { get; } = scale;

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; } = branch ?? throw new ArgumentNullException(nameof(branch));

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        Variable y = x;
        foreach (Module child in Children) y = child.Apply(y, pass);
        if (y.Shape != x.Shape)
            throw new ArgumentException($"the branch of {Name} turns {x.Shape} into {y.Shape}; expected the same shape");
        return Ops.Add(x, Scale == 1 ? y : Ops.Scale(y, Scale));
    }
}
