using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Puts residual blocks around hidden layers, and scales them.</summary>
internal static class ResidualRewriting
{
    /// <summary>
    /// Wraps every [linear or convolution, (normalisation, dropout,) activation] that keeps the shape of what comes in;
    /// null where nothing can be wrapped.
    /// </summary>
    public static ValueList<LayerSpec>? Wrap(IReadOnlyList<LayerSpec> layers, double scale)
    {
        int width = 0;
        List<LayerSpec> wrapped = WrapList(layers, scale, ref width);
        return CountBlocks(wrapped) > CountBlocks(layers) ? new ValueList<LayerSpec>(wrapped) : null;
    }

    /// <summary>Residual blocks, those in repeats as often as they are repeated.</summary>
    public static int CountBlocks(IReadOnlyList<LayerSpec> layers) => layers.Sum(layer => layer switch
    {
        RepeatSpec repeat => repeat.Times * CountBlocks(repeat.Layers),
        ResidualSpec => 1,
        _ => 0,
    });

    public static ValueList<LayerSpec> WithScale(IReadOnlyList<LayerSpec> layers, double scale) =>
        new(layers.Select(layer => layer switch
        {
            RepeatSpec repeat => repeat with { Layers = WithScale(repeat.Layers, scale) },
            ResidualSpec residual => residual with { Scale = scale },
            _ => layer,
        }));

    private static List<LayerSpec> WrapList(IReadOnlyList<LayerSpec> layers, double scale, ref int width)
    {
        var result = new List<LayerSpec>();
        for (int i = 0; i < layers.Count; i++)
        {
            int length = BlockLength(layers, i, width);
            if (length > 0)
            {
                result.Add(
                    new ResidualSpec { Layers = new ValueList<LayerSpec>(layers.Skip(i).Take(length)), Scale = scale });
                i += length - 1;
            }
            else if (layers[i] is RepeatSpec repeat) WrapRepeat(repeat, scale, ref width, result);
            else
            {
                result.Add(layers[i]);
                width = WidthAfter(layers[i], width);
            }
        }
        return result;
    }

    /// <summary>
    /// A repeat whose first turn comes out other than the rest, since it changes the width, is unrolled by it.
    /// </summary>
    private static void WrapRepeat(RepeatSpec repeat, double scale, ref int width, List<LayerSpec> result)
    {
        ValueList<LayerSpec> first = new(WrapList(repeat.Layers, scale, ref width));
        ValueList<LayerSpec> others = new(WrapList(repeat.Layers, scale, ref width));
        if (repeat.Times == 1 || first.Equals(others))
        {
            result.Add(repeat with { Layers = first });
            return;
        }
        result.AddRange(first);
        if (repeat.Times == 2) result.AddRange(others);
        else result.Add(repeat with { Times = repeat.Times - 1, Layers = others });
    }

    /// <summary>How many layers from one on make a block that keeps a width; 0 if they don't.</summary>
    private static int BlockLength(IReadOnlyList<LayerSpec> layers, int start, int width)
    {
        if (layers[start] is not WeightedSpec weighted || weighted.Out != width || !KeepsExtent(weighted)) return 0;
        for (int i = start + 1; i < layers.Count; i++)
        {
            if (LayerRewriting.IsActivation(layers[i])) return i - start + 1;
            if (!LayerRewriting.IsNormalization(layers[i]) && layers[i] is not DropoutSpec) return 0;
        }
        return 0;
    }

    /// <summary>Whether images and sequences are as long behind a layer as before it.</summary>
    private static bool KeepsExtent(WeightedSpec layer) =>
        layer is not ConvSpec conv || (conv.Stride == 1 && 2 * conv.Padding == conv.Dilation * (conv.Kernel - 1));

    /// <summary>Features or channels behind a layer; 0 where they can't be known from the layers alone.</summary>
    private static int WidthAfter(LayerSpec layer, int width) => layer switch
    {
        WeightedSpec weighted => weighted.Out,
        EmbeddingSpec embedding => embedding.Out,
        FlattenSpec => 0,
        RecurrentSpec recurrent => recurrent.Bidirectional ? 2 * recurrent.Out : recurrent.Out,
        IrnnSpec irnn => irnn.Out,
        EchoStateSpec reservoir => reservoir.Out,
        LruSpec unit => unit.Out,
        MaxoutSpec maxout => width / maxout.Pieces,
        DenseConcatSpec block when width > 0 =>
            width + block.Layers.Aggregate(width, (w, inner) => WidthAfter(inner, w)),
        ResidualSpec { Shortcut: not ShortcutKind.Identity } block =>
            block.Layers.Aggregate(width, (w, inner) => WidthAfter(inner, w)),
        _ => width,
    };
}
