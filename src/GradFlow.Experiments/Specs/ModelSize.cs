namespace GradFlow.Experiments;

/// <summary>Keeps a short file from describing a net that no machine could hold.</summary>
internal static class ModelSize
{
    private const int MaxLayers = 50_000;
    public const double MaxWeights = 250e6;

    public static SpecProblem? FindProblem(IReadOnlyList<LayerSpec> model)
    {
        double layers = CountLayers(model);
        if (layers > MaxLayers)
            return Problem($"{Words(layers)} layers with its repeats; at most {MaxLayers:N0} can be built");

        int width = 0;
        double weights = CountWeights(model, ref width);
        return weights <= MaxWeights
            ? null
            : Problem($"{Words(weights)} weights; at most {MaxWeights:N0} can be trained");
    }

    private static SpecProblem Problem(string what) => new("model", "'model' has " + what);

    private static string Words(double count) => count < 1e12 ? count.ToString("N0") : "more than 10^12";

    private static double CountLayers(IReadOnlyList<LayerSpec> layers) => layers.Sum(layer => layer switch
    {
        RepeatSpec repeat => repeat.Times * CountLayers(repeat.Layers),
        BlockSpec block => 1 + CountLayers(block.Layers),
        TransformerEncoderSpec encoder => (double)encoder.Times * TransformerLayers.LayersPerBlock,
        TransformerDecoderSpec decoder => (double)decoder.Times * TransformerLayers.LayersPerDecoderBlock,
        _ => 1.0,
    });

    /// <summary>Counts the weights between layers; those at an input of unknown width count as none.</summary>
    private static double CountWeights(IReadOnlyList<LayerSpec> layers, ref int width)
    {
        double sum = 0;
        foreach (LayerSpec layer in layers)
        {
            sum += layer switch
            {
                LinearSpec linear => (double)width * (width = linear.Out),
                EmbeddingSpec embedding => (double)(embedding.Words ?? 0) * (width = embedding.Out),
                BlockSpec block => CountInBlock(block, ref width),
                Conv1dSpec conv => WeightsOf(conv, 1, ref width),
                Conv2dSpec conv => WeightsOf(conv, 2, ref width),
                FlattenSpec => width = 0,
                RepeatSpec repeat => CountRepeated(repeat, ref width),
                AttentionSpec => 4.0 * width * width,
                TransformerEncoderSpec encoder => encoder.Times * (4.0 * width + 2.0 * encoder.Hidden) * width,
                TransformerDecoderSpec decoder => decoder.Times * (8.0 * width + 2.0 * decoder.Hidden) * width,
                _ => 0,
            };
        }

        return sum;
    }

    private static double CountInBlock(BlockSpec block, ref int width)
    {
        int before = width;
        double weights = CountWeights(block.Layers, ref width);
        if (block is HighwaySpec) weights += (double)before * before;
        if (block is ResidualSpec { Shortcut: ShortcutKind.Projection } && width != before)
            weights += (double)before * width;
        if (block is DenseConcatSpec) width += before;
        return weights;
    }

    private static double WeightsOf(ConvSpec conv, int dimensions, ref int width) =>
        (double)width / conv.Groups * Math.Pow(conv.Kernel, dimensions) * (width = conv.Out);

    private static double CountRepeated(RepeatSpec repeat, ref int width)
    {
        double first = CountWeights(repeat.Layers, ref width);
        return repeat.Times == 1 ? first : first + ((repeat.Times - 1) * CountWeights(repeat.Layers, ref width));
    }
}
