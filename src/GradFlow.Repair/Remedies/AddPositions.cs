using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Sines and cosines of each time step's place, added in front of the first layer that attends (Vaswani et al. 2017,
/// section 3.5): without them attention sees which steps there are, not where. In front of all that reads numbers where
/// nothing attends and nothing else sees an order.
/// </summary>
public sealed class AddPositions() : Remedy("positions", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        if (experiment.Data is not (SequenceDataSpec or TextSpec or RowMnistSpec or PixelMnistSpec)) return null;
        List<LayerSpec> model = [.. experiment.Model];
        if (model.Any(layer => Has(layer, IsPlaced))) return null;
        int place = model.FindIndex(AttentionRewriting.Attends);
        if (place < 0 && model.Any(layer => Has(layer, IsOrdered))) return null;
        if (place < 0) place = model[0] is EmbeddingSpec ? 1 : 0;
        model.Insert(place, new PositionsSpec { Kind = PositionsKind.Sinusoidal });
        return experiment with { Model = new ValueList<LayerSpec>(model) };
    }

    private static bool IsPlaced(LayerSpec layer) => layer is PositionsSpec || RecurrentRewriting.IsRecurrent(layer);

    private static bool IsOrdered(LayerSpec layer) => layer is Conv1dSpec or FlattenSpec or MaxPool1dSpec
        or AvgPool1dSpec;

    private static bool Has(LayerSpec layer, Predicate<LayerSpec> what) => layer switch
    {
        RepeatSpec repeat => repeat.Layers.Any(inner => Has(inner, what)),
        BlockSpec block => block.Layers.Any(inner => Has(inner, what)),
        _ => what(layer),
    };
}
