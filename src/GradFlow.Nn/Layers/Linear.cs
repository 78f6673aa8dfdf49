using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>y = x·Wᵀ + b of x [n, in].</summary>
/// <param name="name">The stable name.</param>
/// <param name="weight">W [out, in].</param>
/// <param name="bias">b [out]; null for none.</param>
public sealed class Linear(string name, Parameter weight, Parameter? bias) : Module(name, "linear", ModuleKind.Weights)
{
    /// <summary>W, [out, in].</summary>
    public Parameter Weight { get; } = weight ?? throw new ArgumentNullException(nameof(weight));

    /// <summary>b, [out]; null for none.</summary>
    public Parameter? Bias { get; } = bias;

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => Bias is null ? [Weight] : [Weight, Bias];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Ops.Affine(x, x.Tape.Use(Weight), Bias is null ? null : x.Tape.Use(Bias));
}
