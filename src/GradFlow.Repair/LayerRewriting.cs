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

    /// <summary>
    /// The experiment with other hidden layers. Where the net ends in an activation, that and the linear layer before it
    /// are its output, made for the loss, and stay as they are; null where the change is null.
    /// </summary>
    public static Experiment? InHidden(
        Experiment experiment, Func<IReadOnlyList<LayerSpec>, IReadOnlyList<LayerSpec>?> change)
    {
        int hidden = CountHidden(experiment.Model);
        return change(experiment.Model.Take(hidden).ToList()) is { } changed
            ? experiment with { Model = new ValueList<LayerSpec>(changed.Concat(experiment.Model.Skip(hidden))) }
            : null;
    }

    private static int CountHidden(ValueList<LayerSpec> model)
    {
        if (!IsActivation(model[^1])) return model.Count;
        for (int i = model.Count - 2; i >= 0; i--)
        {
            if (model[i] is LinearSpec) return i;
            if (model[i] is RepeatSpec or ResidualSpec) break;
        }
        return model.Count - 1;
    }

    public static bool IsActivation(LayerSpec layer) => IsSaturating(layer) || IsRectifier(layer) || layer is ExponentialSpec;

    /// <summary>The activation that most hidden layers have; null if there is none.</summary>
    public static LayerSpec? MainActivation(Experiment experiment) =>
        Activations(experiment.Model.Take(CountHidden(experiment.Model)), 1)
            .GroupBy(entry => entry.Activation.EntryName)
            .MaxBy(group => group.Sum(entry => entry.Times))?.First().Activation;

    private static IEnumerable<(LayerSpec Activation, long Times)> Activations(IEnumerable<LayerSpec> layers, long times) =>
        layers.SelectMany(layer => layer switch
        {
            RepeatSpec repeat => Activations(repeat.Layers, times * repeat.Times),
            ResidualSpec residual => Activations(residual.Layers, times),
            _ when IsActivation(layer) => [(layer, times)],
            _ => [],
        });

    public static bool IsNormalization(LayerSpec layer) =>
        layer is BatchNormSpec or LayerNormSpec or GroupNormSpec or RmsNormSpec;

    public static bool IsRectifier(LayerSpec? layer) => layer is ReluSpec or LeakyReluSpec or GeluSpec;

    public static bool IsSaturating(LayerSpec? layer) => layer is SigmoidSpec or TanhSpec;
}
