using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Writes the blocks of a Transformer as the layers that they are made of.</summary>
internal static class TransformerLayers
{
    /// <summary>Layers of a block with what it holds, at most, counted for the size of a net.</summary>
    public const int LayersPerBlock = 11, LayersPerDecoderBlock = 15;

    /// <summary>One block's layers.</summary>
    /// <param name="spec">The blocks.</param>
    /// <param name="features">Features of a time step.</param>
    /// <param name="model">The whole net, whose number of blocks DeepNorm's scales depend on.</param>
    public static IReadOnlyList<LayerSpec> Of(
        TransformerEncoderSpec spec, int features, IReadOnlyList<LayerSpec> model)
    {
        DeepNorm? deep = spec.Norm == TransformerNorm.Deep ? ScalesOfEncoder(model) : null;
        LayerSpec[] layers =
        [
            .. Sublayer(spec, deep, new AttentionSpec
            {
                Heads = spec.Heads,
                Causal = spec.Causal,
                Window = spec.Window,
                Gain = deep?.Beta,
                Source = spec.Source,
            }),
            .. Sublayer(spec, deep,
            [
                Dense(spec, spec.Hidden, deep), ActivationOf(spec.Activation), .. Dropped(spec),
                Dense(spec, features, deep),
            ]),
        ];
        return layers;
    }

    /// <summary>One block of a decoder.</summary>
    /// <param name="spec">The blocks.</param>
    /// <param name="features">Features of a time step.</param>
    public static TransformerBlock BlockOf(TransformerDecoderSpec spec, int features) =>
        new(features, new AttentionSettings(spec.Heads), spec.Hidden)
        {
            Norm = spec.Norm switch
            {
                TransformerNorm.Pre => NormPlacement.Pre,
                TransformerNorm.Deep => NormPlacement.Deep,
                _ => NormPlacement.Post,
            },
            Deep = DeepNorm.OfDecoder(spec.Times),
            Activation = name => (Activation)ActivationLayers.ModuleOf(
                ActivationOf(spec.Activation), name, spec.Hidden, dimension: 2),
            Dropout = spec.Dropout,
        };

    private static DeepNorm ScalesOfEncoder(IReadOnlyList<LayerSpec> model)
    {
        int blocks = CountBlocks(model);
        return model[^1] is TransformerDecoderSpec decoder
            ? DeepNorm.OfEncoder(blocks, decoder.Times)
            : DeepNorm.Of(blocks);
    }

    private static int CountBlocks(IReadOnlyList<LayerSpec> layers) => layers.Sum(layer => layer switch
    {
        TransformerEncoderSpec spec => spec.Times,
        RepeatSpec repeat => repeat.Times * CountBlocks(repeat.Layers),
        BlockSpec block => CountBlocks(block.Layers),
        _ => 0,
    });

    /// <summary>
    /// LayerNorm(α·x + f(x)) with ε is LayerNorm(x + f(x)/α) with ε/α²: so the skip remains the identity.
    /// </summary>
    private static LayerSpec[] Sublayer(
        TransformerEncoderSpec spec, DeepNorm? deep, params LayerSpec[] sublayer)
    {
        LayerSpec[] branch = [.. sublayer, .. Dropped(spec)];
        double alpha = deep?.Alpha ?? 1;
        var norm = new LayerNormSpec { Source = spec.Source };
        norm = norm with { Eps = norm.Eps / (alpha * alpha) };
        return spec.Norm == TransformerNorm.Pre
            ? [new ResidualSpec { Layers = [norm, .. branch], Source = spec.Source }]
            : [new ResidualSpec { Layers = [.. branch], Scale = 1 / alpha, Source = spec.Source }, norm];
    }

    private static LinearSpec Dense(TransformerEncoderSpec spec, int outputs, DeepNorm? deep) => deep is { } scales
        ? new LinearSpec
        {
            Out = outputs,
            Init = new XavierNormalInitSpec { Gain = scales.Beta },
            Bias = new ZerosInitSpec(),
            Source = spec.Source,
        }
        : new LinearSpec { Out = outputs, Source = spec.Source };

    private static DropoutSpec[] Dropped(TransformerEncoderSpec spec) =>
        spec.Dropout > 0 ? [new DropoutSpec { P = spec.Dropout, Source = spec.Source }] : [];

    private static ActivationSpec ActivationOf(TransformerActivation activation) => activation switch
    {
        TransformerActivation.Gelu => new GeluSpec(),
        TransformerActivation.Silu => new SiluSpec(),
        TransformerActivation.Tanh => new TanhSpec(),
        _ => new ReluSpec(),
    };
}
