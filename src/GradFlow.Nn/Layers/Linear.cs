using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// y = x·Wᵀ + b of x [n, in], or of each time step of sequences [n, T, in]. Where a scale g is given, the weight is
/// normalised, W = g·v/‖v‖ per output unit (Salimans &amp; Kingma 2016, eq. 2).
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="weight">W [out, in]; v where it is normalised.</param>
/// <param name="bias">b [out]; null for none.</param>
/// <param name="weightScale">
/// g [out], as <see cref="IWeightLayer.WeightScaleOf"/> makes it; null for a weight as it stands.
/// </param>
public sealed class Linear(string name, Parameter weight, Parameter? bias, Parameter? weightScale = null)
    : Module(name, "linear", ModuleKind.Weights), IWeightLayer
{
    /// <summary>
    /// Makes the layer with weights drawn as an experiment file's, from the seed and the names alone.
    /// </summary>
    /// <param name="name">The stable name, such as <c>linear-3</c>; the draws are keyed by it.</param>
    /// <param name="inputs">Numbers per sample that come in, at least 1.</param>
    /// <param name="outputs">Numbers per sample that go out, at least 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="init">How the weight is drawn; null for PyTorch's default.</param>
    /// <param name="bias">How the bias is drawn; null for PyTorch's default.</param>
    /// <param name="hasBias">False for a layer without a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">Inputs or outputs are below 1.</exception>
    public static Linear Create(
        string name, int inputs, int outputs, long seed,
        Initializer? init = null, Initializer? bias = null, bool hasBias = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (Parameter weight, Parameter? drawn) =
            DrawnParameters.Of(name, new Shape(outputs, inputs), seed, init, bias, hasBias);
        return new Linear(name, weight, drawn);
    }

    /// <summary>W, [out, in].</summary>
    public Parameter Weight { get; } = weight ?? throw new ArgumentNullException(nameof(weight));

    /// <summary>b, [out]; null for none.</summary>
    public Parameter? Bias { get; } = bias;

    /// <summary>g, [out]; null where the weight isn't normalised.</summary>
    public Parameter? WeightScale { get; } = weightScale;

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => this.Parameters();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Ops.Affine(x, this.WeightOn(x.Tape), Bias is null ? null : x.Tape.Use(Bias));
}
