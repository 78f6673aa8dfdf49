using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>y = x + b with one learned number b, 0 at the start (Zhang, Dauphin &amp; Ma 2019).</summary>
/// <param name="name">The stable name.</param>
/// <param name="type">The element type.</param>
public sealed class ScalarBias(string name, ElementType type = ElementType.Float32)
    : Module(name, "scalar-bias", ModuleKind.Other)
{
    /// <summary>b, [1].</summary>
    public Parameter Bias { get; } = new($"{name}.bias", Tensor.Zeros(new Shape(1), type));

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Bias];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Add(x, x.Tape.Use(Bias));
}
