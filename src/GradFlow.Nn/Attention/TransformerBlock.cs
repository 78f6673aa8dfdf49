using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A block of a Transformer (Vaswani et al. 2017, section 3.1): attention, in a decoder also cross-attention to
/// <see cref="Pass.Memory"/>, and two layers on each time step, each a residual block with a layer norm. It is made of
/// the modules that are there for these, so that all of them can be watched one by one.
/// </summary>
/// <param name="Features">Features of a time step.</param>
/// <param name="Attention">Heads, which keys a query sees, and how.</param>
/// <param name="Hidden">Units between the two layers on each time step.</param>
public sealed record TransformerBlock(int Features, AttentionSettings Attention, int Hidden)
{
    private const double Epsilon = 1e-5;

    /// <summary>Where it normalises; post by default, as PyTorch does.</summary>
    public NormPlacement Norm { get; init; } = NormPlacement.Post;

    /// <summary>The scales of <see cref="NormPlacement.Deep"/>; those of one block by default.</summary>
    public DeepNorm Deep { get; init; } = DeepNorm.Of(1);

    /// <summary>Makes the non-linearity, of its name; ReLU by default.</summary>
    public Func<string, Activation> Activation { get; init; } = name => new Relu(name);

    /// <summary>
    /// The probability of dropout behind each sublayer and behind the non-linearity; none by default. Attention's
    /// weights, which are never kept, aren't dropped.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>Makes an encoder block, or with causal attention a block of a decoder without an encoder.</summary>
    /// <param name="name">Its stable name; those of its modules and draws begin with it.</param>
    /// <param name="seed">The training's seed.</param>
    /// <exception cref="ArgumentException">Heads don't share the features out evenly.</exception>
    public Sequential Encoder(string name, long seed) => new(name,
    [
        .. Sublayer($"{name}-attention", OwnAttention($"{name}-attention", seed)),
        .. Sublayer($"{name}-feed-forward", FeedForward($"{name}-feed-forward", seed)),
    ]);

    /// <summary>Makes a decoder block, whose cross-attention looks at <see cref="Pass.Memory"/>.</summary>
    /// <param name="name">Its stable name; those of its modules and draws begin with it.</param>
    /// <param name="seed">The training's seed.</param>
    /// <exception cref="ArgumentException">Heads don't share the features out evenly.</exception>
    public Sequential Decoder(string name, long seed) => new(name,
    [
        .. Sublayer($"{name}-attention", OwnAttention($"{name}-attention", seed)),
        .. Sublayer(
            $"{name}-cross-attention", MultiHeadAttention.Create(
                $"{name}-cross-attention", Features, new AttentionSettings(Attention.Heads, Attention.Kind), seed,
                isCross: true, Gain)),
        .. Sublayer($"{name}-feed-forward", FeedForward($"{name}-feed-forward", seed)),
    ]);

    private double? Gain => Norm == NormPlacement.Deep ? Deep.Beta : null;

    private MultiHeadAttention OwnAttention(string name, long seed) =>
        MultiHeadAttention.Create(name, Features, Attention, seed, gain: Gain);

    private Module[] FeedForward(string name, long seed)
    {
        Initializer? init = Gain is { } gain ? Initializers.XavierNormal(gain) : null;
        Initializer? bias = Gain is null ? null : Initializers.Zeros();
        return
        [
            Linear.Create($"{name}-in", Features, Hidden, seed, init, bias), Activation($"{name}-activation"),
            .. Dropped($"{name}-hidden"), Linear.Create($"{name}-out", Hidden, Features, seed, init, bias),
        ];
    }

    /// <summary>
    /// The residual block around a sublayer, and its layer norm. LayerNorm(α·x + f(x)) with ε is LayerNorm(x + f(x)/α)
    /// with ε/α²: so the skip remains the identity, and α is the branch's scale.
    /// </summary>
    private Module[] Sublayer(string name, params Module[] sublayer)
    {
        Module[] branch = [.. sublayer, .. Dropped(name)];
        double alpha = Norm == NormPlacement.Deep ? Deep.Alpha : 1;
        var norm = new LayerNorm($"{name}-norm", Features, Epsilon / (alpha * alpha));
        string block = $"{name}-block";
        return Norm == NormPlacement.Pre
            ? [new Residual(block, [norm, .. branch])]
            : [new Residual(block, branch, 1 / alpha), norm];
    }

    private Module[] Dropped(string name) => Dropout > 0 ? [new Dropout($"{name}-dropout", Dropout)] : [];
}
