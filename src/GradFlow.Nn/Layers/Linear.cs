using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>y = x·Wᵀ + b of x [n, in], or of each time step of sequences [n, T, in].</summary>
/// <param name="name">The stable name.</param>
/// <param name="weight">W [out, in].</param>
/// <param name="bias">b [out]; null for none.</param>
public sealed class Linear(string name, Parameter weight, Parameter? bias) : Module(name, "linear", ModuleKind.Weights)
{
    /// <summary>Makes the layer with weights drawn as an experiment file's, from the seed and the names alone.</summary>
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
        Parameter Draw(string role, Shape shape, Initializer initializer)
        {
            var parameter = new Parameter($"{name}.{role}", Tensor.Zeros(shape));
            initializer.FillInPlace(parameter.Value, new RandomKey(seed, "init", parameter.Name));
            return parameter;
        }
        return new Linear(
            name,
            Draw("weight", new Shape(outputs, inputs), init ?? Initializers.Torch()),
            hasBias ? Draw("bias", new Shape(outputs), bias ?? Initializers.TorchBias(inputs)) : null);
    }

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
        Rows.Map(x, rows => Ops.Affine(rows, x.Tape.Use(Weight), Bias is null ? null : x.Tape.Use(Bias)));
}
