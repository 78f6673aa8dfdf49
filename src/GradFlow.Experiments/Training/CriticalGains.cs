using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Turns <c>critical</c> weights into weights of a gain, by the activation that a layer feeds.</summary>
internal sealed class CriticalGains
{
    private readonly List<LayerSpec> _layers = [];
    private readonly Dictionary<(LayerSpec? Activation, double BiasVariance), double?> _known = [];

    public CriticalGains(IReadOnlyList<LayerSpec> model) => Flatten(model);

    /// <summary>The activation behind a layer, or else the one in front of it; null where there is neither.</summary>
    public ActivationSpec? ActivationOf(LayerSpec layer)
    {
        int at = _layers.FindIndex(other => ReferenceEquals(other, layer));
        return _layers.Skip(at + 1).TakeWhile(other => !HasWeights(other)).OfType<ActivationSpec>().FirstOrDefault()
            ?? _layers.Take(Math.Max(0, at)).OfType<ActivationSpec>().LastOrDefault();
    }

    /// <summary>σw; null where no weight scale keeps the gradient's size at a signal that stays.</summary>
    /// <param name="activation">φ; null for a linear net, whose σw is 1.</param>
    /// <param name="biasVariance">σb².</param>
    public double? SigmaW(ActivationSpec? activation, double biasVariance)
    {
        if (activation is null) return 1;
        if (_known.TryGetValue((activation, biasVariance), out double? known)) return known;
        return _known[(activation, biasVariance)] = Of(activation, biasVariance)?.SigmaW;
    }

    /// <summary>
    /// Theory's critical point of an activation; null where there is none, or where theory knows nothing of it.
    /// </summary>
    public static CriticalGain? Of(ActivationSpec activation, double biasVariance = 0) =>
        ActivationLayers.StageOf(activation) is NonlinearityStage stage
            ? MeanField.CriticalGain(stage.Nonlinearity, biasVariance)
            : null;

    /// <summary>The weights of a gain.</summary>
    public static InitSpec WithGain(CriticalInitSpec spec, double sigmaW) => spec.Orthogonal
        ? new OrthogonalInitSpec { Gain = sigmaW }
        : new LecunNormalInitSpec { Gain = sigmaW };

    private static bool HasWeights(LayerSpec layer) =>
        layer is WeightedSpec || RecurrentLayers.IsRecurrent(layer);

    private void Flatten(IEnumerable<LayerSpec> layers)
    {
        foreach (LayerSpec layer in layers)
        {
            if (layer is RepeatSpec repeat) Flatten(repeat.Layers);
            else if (layer is BlockSpec block) Flatten(block.Layers);
            else _layers.Add(layer);
        }
    }
}
