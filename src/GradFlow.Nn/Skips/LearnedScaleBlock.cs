using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// y = x + α·branch(x) with one learned number α, 0 at the start: the block starts as the identity, whatever its
/// branch, and its branch learns as soon as α has left 0.
/// </summary>
public abstract class LearnedScaleBlock : SkipBlock
{
    private protected LearnedScaleBlock(string name, string type, IReadOnlyList<Module> branch, ElementType elements)
        : base(name, type, branch) => Scale = new Parameter($"{name}.scale", Tensor.Zeros(new Shape(1), elements));

    /// <summary>α, [1]; 0 at the start.</summary>
    public Parameter Scale { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters => [Scale];

    /// <inheritdoc/>
    internal sealed override Variable Join(Variable x, Variable branch) =>
        Sum(x, branch, y => Ops.Multiply(y, x.Tape.Use(Scale)));
}
