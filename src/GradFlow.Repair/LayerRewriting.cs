using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Rewrites the layers of an experiment, inside of repeats and residual blocks too.</summary>
internal static class LayerRewriting
{
    /// <summary>Each layer replaced by what a function makes of it.</summary>
    public static ValueList<LayerSpec> Map(IReadOnlyList<LayerSpec> layers, Func<LayerSpec, LayerSpec> change) =>
        new(layers.Select(layer => layer switch
        {
            RepeatSpec repeat => repeat with { Layers = Map(repeat.Layers, change) },
            ResidualSpec residual => residual with { Layers = Map(residual.Layers, change) },
            _ => change(layer),
        }));

    /// <summary>Each list of layers, innermost first, replaced by what a function makes of it.</summary>
    public static ValueList<LayerSpec> MapLists(
        IReadOnlyList<LayerSpec> layers, Func<IReadOnlyList<LayerSpec>, IEnumerable<LayerSpec>> change) =>
        new(change(layers.Select(layer => layer switch
        {
            RepeatSpec repeat => repeat with { Layers = MapLists(repeat.Layers, change) },
            ResidualSpec residual => residual with { Layers = MapLists(residual.Layers, change) },
            _ => layer,
        }).ToList()));

    /// <summary>All layers, those inside of repeats and blocks once each.</summary>
    public static IEnumerable<LayerSpec> All(IReadOnlyList<LayerSpec> layers) => layers.SelectMany(layer => layer switch
    {
        RepeatSpec repeat => All(repeat.Layers),
        ResidualSpec residual => All(residual.Layers).Prepend(residual),
        _ => [layer],
    });

    public static bool IsActivation(LayerSpec layer) => IsSaturating(layer) || IsRectifier(layer) || layer is ExponentialSpec;

    /// <summary>The activation that most hidden layers have; null if there is none.</summary>
    public static LayerSpec? MainActivation(Experiment experiment) => All(experiment.Model)
        .Where(IsActivation).GroupBy(layer => layer.EntryName).MaxBy(group => group.Count())?.First();

    public static bool IsRectifier(LayerSpec? layer) => layer is ReluSpec or LeakyReluSpec or GeluSpec;

    public static bool IsSaturating(LayerSpec? layer) => layer is SigmoidSpec or TanhSpec;
}
