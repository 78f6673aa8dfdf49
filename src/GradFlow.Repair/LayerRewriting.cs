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
            BlockSpec block => block with { Layers = Map(block.Layers, change) },
            _ => change(layer),
        }));

    /// <summary>Each list of layers, innermost first, replaced by what a function makes of it.</summary>
    public static ValueList<LayerSpec> MapLists(
        IReadOnlyList<LayerSpec> layers, Func<IReadOnlyList<LayerSpec>, IEnumerable<LayerSpec>> change) =>
        new(change(layers.Select(layer => layer switch
        {
            RepeatSpec repeat => repeat with { Layers = MapLists(repeat.Layers, change) },
            BlockSpec block => block with { Layers = MapLists(block.Layers, change) },
            _ => layer,
        }).ToList()));

    /// <summary>
    /// The experiment with other hidden layers. Where the net ends in an activation, that and the linear layer before
    /// it are its output, made for the loss, and stay as they are; null where the change is null.
    /// </summary>
    public static Experiment? InHidden(
        Experiment experiment, Func<IReadOnlyList<LayerSpec>, IReadOnlyList<LayerSpec>?> change)
    {
        int hidden = CountHidden(experiment.Model);
        return change(experiment.Model.Take(hidden).ToList()) is { } changed
            ? experiment with { Model = new ValueList<LayerSpec>(changed.Concat(experiment.Model.Skip(hidden))) }
            : null;
    }

    /// <summary>The experiment with other initial weights in its linear layers, their biases at 0.</summary>
    public static Experiment WithInit(
        Experiment experiment, InitSpec init, Func<LayerSpec, LayerSpec>? changeOthers = null) => experiment with
        {
            Model = Map(experiment.Model, layer => layer is WeightedSpec weighted
                ? weighted with { Init = init, Bias = weighted.Bias is null ? null : new ZerosInitSpec() }
                : changeOthers?.Invoke(layer) ?? layer),
        };

    private static int CountHidden(ValueList<LayerSpec> model)
    {
        if (!IsActivation(model[^1])) return model.Count;
        for (int i = model.Count - 2; i >= 0; i--)
        {
            if (model[i] is LinearSpec) return i;
            if (model[i] is RepeatSpec or BlockSpec) break;
        }
        return model.Count - 1;
    }

    /// <summary>True of what can be taken off or replaced; a maxout can't, as it changes the width.</summary>
    public static bool IsActivation(LayerSpec layer) => layer is ActivationSpec and not MaxoutSpec;

    /// <summary>The activation that most hidden layers have; null if there is none.</summary>
    public static LayerSpec? MainActivation(Experiment experiment) =>
        Activations(experiment.Model.Take(CountHidden(experiment.Model)), 1)
            .GroupBy(entry => entry.Activation.EntryName)
            .MaxBy(group => group.Sum(entry => entry.Times))?.First().Activation;

    private static IEnumerable<(LayerSpec Activation, long Times)> Activations(
        IEnumerable<LayerSpec> layers, long times) =>
        layers.SelectMany(layer => layer switch
        {
            RepeatSpec repeat => Activations(repeat.Layers, times * repeat.Times),
            BlockSpec block => Activations(block.Layers, times),
            _ when IsActivation(layer) => [(layer, times)],
            _ => [],
        });

    /// <summary>Whether there are blocks of Fixup, which set the scale of their weights themselves.</summary>
    public static bool HasFixup(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer switch
    {
        RepeatSpec repeat => HasFixup(repeat.Layers),
        BlockSpec block => block is FixupSpec || HasFixup(block.Layers),
        _ => false,
    });

    public static bool IsNormalization(LayerSpec layer) =>
        layer is BatchNormSpec or LayerNormSpec or GroupNormSpec or RmsNormSpec;

    /// <summary>True of what is steep above 0 and flatter below, be it smooth.</summary>
    public static bool IsRectifier(LayerSpec? layer) => layer is ReluSpec or Relu6Spec or LeakyReluSpec or PreluSpec
        or RreluSpec or EluSpec or SeluSpec or GeluSpec or SiluSpec or SoftplusSpec;

    /// <summary>True of what is flat on both sides.</summary>
    public static bool IsSaturating(LayerSpec? layer) =>
        layer is SigmoidSpec or TanhSpec or SoftsignSpec or HardTanhSpec;
}
