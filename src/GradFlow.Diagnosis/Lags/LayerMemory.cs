using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// How far back in time the gradient of a late loss reaches in one recurrent layer: its norm by lag, relative to lag 0
/// and averaged over frames.
/// </summary>
internal sealed class LayerMemory
{
    private readonly double?[] _norms;

    private LayerMemory(RecurrenceInfo layer, List<TimeProfile> profiles)
    {
        Layer = layer;
        _norms = [.. Enumerable.Range(0, profiles.Max(LagsWithState)).Select(lag => LogMean.Of(
            profiles.Select(profile => LogMean.Difference(profile.LagNorms.At(lag), profile.LagNorms[0]))))];
        CutLag = LagProfile.CutLag(_norms);
        LastLag = (CutLag ?? _norms.Length) - 1;
        DecadesPerStep = LagProfile.DecadesPerStep(_norms) ?? 0;
        WeightDecades = LogMean.Of(profiles.Select(profile => profile.WeightDecades));
        ActivationDecades = LogMean.Of(profiles.Select(profile => profile.ActivationDecades));
        GateDecades = LogMean.Of(profiles.Select(profile => profile.GateDecades));
        StateDecadesPerStep = LogMean.Of(profiles.Select(profile => LagProfile.StateDecadesPerStep(profile.StateRms)));
        StateRms = Mean(profiles.Select(profile => profile.StateRms));
        SlopeRms = Mean(profiles.Select(profile => profile.Slopes));
        Step = new StepEffect(profiles);
    }

    public RecurrenceInfo Layer { get; }

    /// <summary>
    /// The slope of the log norm over the lag (<see cref="LagProfile.DecadesPerStep"/>); 0 where there is none.
    /// </summary>
    public double DecadesPerStep { get; }

    /// <summary>False where truncation cuts the gradient after one time step, which leaves no slope.</summary>
    public bool HasSlope => LastLag >= 1;

    /// <summary>The farthest lag at which the norm is known.</summary>
    public int LastLag { get; }

    /// <summary>The lag from which truncation cuts the gradient; null where it does not.</summary>
    public int? CutLag { get; }

    /// <summary>log10 of the norm at the farthest lag over that at lag 0.</summary>
    public double Total => _norms[LastLag]!.Value;

    /// <summary>The first lag with less than 1 % left, by the slope where that lies farther than is known.</summary>
    public int? Horizon
    {
        get
        {
            if (LagProfile.MemoryHorizon(_norms) is { } measured) return measured;
            if (CutLag is not null || DecadesPerStep >= 0) return null;
            double beyond = LastLag + Math.Max(1, Math.Ceiling((LagProfile.HorizonDecades - Total) / DecadesPerStep));
            return beyond < int.MaxValue ? (int)beyond : null;
        }
    }

    /// <summary>
    /// True where nothing fades before the gradient is exactly 0: weights that are not 0 themselves cannot do that,
    /// only slopes that are.
    /// </summary>
    public bool EndsInZeros => GateDecades is null && WeightDecades is { } weights && double.IsFinite(weights)
        && Horizon is { } lag && lag <= LastLag && double.IsNegativeInfinity(_norms[lag]!.Value);

    /// <summary>Decades per time step of the recurrent weights; null where not measured.</summary>
    public double? WeightDecades { get; }

    /// <summary>Decades per time step of the non-linearity's slopes; null where not measured or gated.</summary>
    public double? ActivationDecades { get; }

    /// <summary>Decades per time step of the gate that carries the state on; null without gates.</summary>
    public double? GateDecades { get; }

    /// <summary>
    /// How the states grow on the way forward (<see cref="LagProfile.StateDecadesPerStep"/>); null where not measured.
    /// </summary>
    public double? StateDecadesPerStep { get; }

    /// <summary>log10 by which the states grow over a sequence at that slope; 0 where not measured.</summary>
    public double StateGrowth => StateDecadesPerStep * Math.Max(0, Layer.Steps - 1) ?? 0;

    /// <summary>Mean over time of the states' root mean square; null where not measured.</summary>
    public double? StateRms { get; }

    /// <summary>
    /// Mean over time of the slopes' root mean square; null where not measured. What they do to the gradient is
    /// <see cref="ActivationDecades"/>: it favours some units, and factors multiply.
    /// </summary>
    public double? SlopeRms { get; }

    /// <summary>What one time step does to the state.</summary>
    public StepEffect Step { get; }

    /// <summary>
    /// log10 of what is left at a lag: −∞ beyond the cut, and carried on by the slope where it is not known otherwise.
    /// </summary>
    public double At(int lag)
    {
        if (lag <= LastLag) return _norms[lag]!.Value;
        return CutLag is null ? Total + DecadesPerStep * (lag - LastLag) : double.NegativeInfinity;
    }

    /// <summary>
    /// The shares of weights, slopes and gates in the way from lag 0 to the farthest one; they sum to
    /// <see cref="Total"/>.
    /// </summary>
    public IEnumerable<AttributionEntry> Attribution
    {
        get
        {
            if (!HasSlope) yield break;
            if (WeightDecades is { } weights) yield return Share("recurrent weights", LinkKind.Weights, weights);
            if (ActivationDecades is { } slopes)
                yield return Share($"{InWords.Activation(Layer.Activation)} slopes", LinkKind.Activation, slopes);
            if (GateDecades is { } gates) yield return Share(Layer.CarrierName(), LinkKind.Recurrence, gates);
        }
    }

    /// <summary>Reads a layer off frames; null where none shows its gradient at two lags or cut after one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its row in <see cref="RunStructure.Recurrences"/>.</param>
    /// <param name="frames">The frames to average over.</param>
    public static LayerMemory? Of(RecurrenceInfo layer, int index, IEnumerable<Frame> frames)
    {
        List<TimeProfile> profiles = [.. frames
            .Select(frame => index < frame.ThroughTime?.Count ? frame.ThroughTime[index] : null).OfType<TimeProfile>()
            .Where(profile => IsKnown(profile) || IsCutAtOnce(layer, profile))];
        if (profiles.Count == 0) return null;
        var memory = new LayerMemory(layer, profiles);
        return memory.HasSlope || layer.Window is not null ? memory : null;
    }

    private static bool IsKnown(TimeProfile profile) =>
        LagProfile.DecadesPerStep(profile.LagNorms) is not null && profile.LagNorms[0] is not null;

    /// <summary>
    /// True where truncation leaves lag 0 alone: no slope is there to be measured, and none is missing.
    /// </summary>
    private static bool IsCutAtOnce(RecurrenceInfo layer, TimeProfile profile) => layer.Window is not null
        && profile.LagNorms is [{ } first, ..] && double.IsFinite(first) && LagProfile.CutLag(profile.LagNorms) == 1;

    /// <summary>
    /// The lags of a profile without those at its end that reach back to where every state is exactly 0 still, as
    /// before the first pixel that isn't black: a rectifier has no slope there, and nothing is there to be remembered.
    /// </summary>
    private static int LagsWithState(TimeProfile profile)
    {
        int lags = profile.LagNorms.Count;
        if (profile.StateRms?.Count != lags) return lags;
        int empty = 0;
        while (empty < lags - 1 && profile.StateRms[empty] == 0
            && profile.LagNorms[lags - 1 - empty] is double.NegativeInfinity) empty++;
        return lags - empty;
    }

    private AttributionEntry Share(string part, LinkKind kind, double perStep) =>
        new($"{Layer.Name} {part}", kind, perStep * LastLag, Layer.Name);

    private static double? Mean(IEnumerable<IReadOnlyList<double?>?> series)
    {
        double[] values = [.. series.SelectMany(values => values ?? []).OfType<double>().Where(double.IsFinite)];
        return values.Length > 0 ? values.Average() : null;
    }
}
