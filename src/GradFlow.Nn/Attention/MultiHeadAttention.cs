using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Attention of several heads (Vaswani et al. 2017, section 3.2) over sequences [n, T, features], with the products
/// that make queries, keys and values and that mix the heads' values, as PyTorch's <c>nn.MultiheadAttention</c>.
/// Padding behind <see cref="Pass.Lengths"/> isn't seen.
/// </summary>
public sealed class MultiHeadAttention : Module
{
    /// <summary>Makes the layer.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="parameters">Its weights and biases.</param>
    /// <param name="settings">Heads, which keys a query sees, and how; lengths come with each pass.</param>
    /// <param name="isCross">
    /// True where keys and values are made of <see cref="Pass.Memory"/> rather than of the input.
    /// </param>
    /// <exception cref="ArgumentException">Heads don't share the features out evenly, or shapes don't fit.</exception>
    public MultiHeadAttention(
        string name, AttentionParameters parameters, AttentionSettings settings, bool isCross = false)
        : base(name, "attention", ModuleKind.Attention)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Shape weight = parameters.Weight.Value.Shape;
        int features = parameters.OutWeight.Value.Shape[0];
        if (weight != new Shape(3 * features, features))
            throw new ArgumentException(
                $"'{name}' got a weight {weight}; expected [{3 * features}, {features}]", nameof(parameters));
        if (settings.Heads < 1 || features % settings.Heads != 0)
            throw new ArgumentException(
                $"'{name}' got {features} features and {settings.Heads} heads; expected a divisor", nameof(settings));
        if (settings is { Kind: AttentionKind.Linear, Window: not null })
            throw new ArgumentException($"'{name}': linear attention has no window", nameof(settings));
        if (isCross && (settings.IsCausal || settings.Window is not null))
            throw new ArgumentException(
                $"'{name}': cross-attention sees all of its memory; expected neither causal nor a window",
                nameof(settings));
        (Parameters, Settings, IsCross) = (parameters, settings, isCross);
    }

    /// <summary>Makes the layer with weights drawn from the seed and the name.</summary>
    /// <param name="name">The stable name; the draws are keyed by it.</param>
    /// <param name="features">Features that come in and go out.</param>
    /// <param name="settings">Heads, which keys a query sees, and how.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="isCross">True where keys and values are made of <see cref="Pass.Memory"/>.</param>
    /// <param name="gain">β of DeepNorm; null for PyTorch's default.</param>
    /// <exception cref="ArgumentException">Heads don't share the features out evenly.</exception>
    public static MultiHeadAttention Create(
        string name, int features, AttentionSettings settings, long seed, bool isCross = false, double? gain = null) =>
        new(name, AttentionParameters.Create(name, features, seed, gain), settings, isCross);

    /// <summary>Its weights and biases.</summary>
    public AttentionParameters Parameters { get; }

    /// <summary>Heads, which keys a query sees, and how.</summary>
    public AttentionSettings Settings { get; }

    /// <summary>Whether keys and values are made of <see cref="Pass.Memory"/>.</summary>
    public bool IsCross { get; }

    /// <summary>Features that come in and go out.</summary>
    public int Features => Parameters.OutWeight.Value.Shape[0];

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => Parameters.All;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        RequireSequences(x, "got");
        Tape tape = x.Tape;
        Variable mixed = IsCross ? Cross(x, pass) : Own(x, pass);
        return Ops.Affine(
            mixed, tape.Use(Parameters.OutWeight), Parameters.OutBias is { } bias ? tape.Use(bias) : null);
    }

    private Variable Own(Variable x, Pass pass)
    {
        Tape tape = x.Tape;
        Variable packed = Ops.Affine(
            x, tape.Use(Parameters.Weight), Parameters.Bias is { } bias ? tape.Use(bias) : null);
        return Ops.Attention(packed, Settings with { KeyLengths = pass.Lengths });
    }

    private Variable Cross(Variable x, Pass pass)
    {
        Variable memory = pass.Memory
            ?? throw new ArgumentException($"'{Name}' looks at a memory, and the pass has none; expected Pass.Memory");
        RequireSequences(memory, "looks at");
        return Ops.Attention(
            Part(x, 0, Features), Part(memory, Features, 2 * Features),
            Settings with { KeyLengths = pass.MemoryLengths });
    }

    /// <summary>The product with some rows of the weight.</summary>
    private Variable Part(Variable x, int first, int count)
    {
        Tape tape = x.Tape;
        return Ops.Affine(
            x, Ops.Slice(tape.Use(Parameters.Weight), 0, first, count),
            Parameters.Bias is { } bias ? Ops.Slice(tape.Use(bias), 0, first, count) : null);
    }

    private void RequireSequences(Variable x, string does)
    {
        if (x.Shape.Count != 3 || x.Shape[1] < 1 || x.Shape[2] != Features)
            throw new ArgumentException($"'{Name}' {does} {x.Shape}; expected sequences [n, T, {Features}]");
    }
}
