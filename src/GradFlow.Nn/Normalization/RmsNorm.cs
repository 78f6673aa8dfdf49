using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// RMS normalisation (Zhang &amp; Sennrich 2019): each sample, or time step of sequences [n, T, features], divided by
/// the root of its features' mean square; layer normalisation without centring and without a shift.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="features">Columns of its input [n, features].</param>
/// <param name="epsilon">Added to the mean square before the root.</param>
/// <param name="type">The element type.</param>
public sealed class RmsNorm(string name, int features, double epsilon = 1e-5, ElementType type = ElementType.Float32)
    : Module(name, "rms-norm", ModuleKind.Normalization)
{
    /// <summary>γ, [features]; 1 at the start.</summary>
    public Parameter Gain { get; } = new($"{name}.gain", Tensor.Full(new Shape(features), 1, type));

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Gain];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Rows.Map(x, rows => Ops.RmsNorm(rows, x.Tape.Use(Gain), epsilon));
}
