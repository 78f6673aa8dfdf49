using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Modules one after the other.</summary>
/// <param name="name">Its name; nothing is keyed by it.</param>
/// <param name="children">The modules, in the order in which data passes.</param>
public sealed class Sequential(string name, IReadOnlyList<Module> children) : Module(name, "sequence", ModuleKind.Sequence)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; } = children ?? throw new ArgumentNullException(nameof(children));

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        foreach (Module child in Children) x = child.Apply(x, pass);
        return x;
    }
}
