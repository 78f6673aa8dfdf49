using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Layer normalisation over the features of each sample (Ba, Kiros &amp; Hinton 2016).</summary>
/// <param name="name">The stable name.</param>
/// <param name="features">Columns of its input [n, features], or of sequences [n, T, features].</param>
/// <param name="epsilon">Added to the variance before the root.</param>
/// <param name="type">The element type.</param>
public sealed class LayerNorm(string name, int features, double epsilon = 1e-5, ElementType type = ElementType.Float32)
    : Module(name, "layer-norm", ModuleKind.Normalization)
{
    /// <summary>γ, [features]; 1 at the start.</summary>
    public Parameter Gain { get; } = new($"{name}.gain", Tensor.Full(new Shape(features), 1, type));

    /// <summary>β, [features]; 0 at the start.</summary>
    public Parameter Shift { get; } = new($"{name}.shift", Tensor.Zeros(new Shape(features), type));

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Gain, Shift];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Ops.LayerNorm(x, x.Tape.Use(Gain), x.Tape.Use(Shift), epsilon);
}
