using GradFlow.Cli.Rendering;
using GradFlow.Runs;

namespace GradFlow.Cli.Answers;

/// <summary>A recurrent layer's way back through time.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Step">The training step that this was measured at.</param>
/// <param name="DecadesPerStep">Decades per time step; null where too little is known.</param>
/// <param name="ForecastDecadesPerStep">What theory expected of it; null where it does not speak of this layer.</param>
/// <param name="MemoryHorizon">The first lag with less than 1 % left; null where none is known.</param>
/// <param name="NeededLag">The lag that the task needs; null if unknown.</param>
/// <param name="CutLag">The lag from which nothing is known, as truncation cuts it there; null for none.</param>
/// <param name="WeightDecades">Decades per time step of the recurrent weights; null where not measured.</param>
/// <param name="ActivationDecades">The same of the slopes.</param>
/// <param name="GateDecades">The same of the gates.</param>
/// <param name="Lyapunov">The top Lyapunov exponent, natural logs per time step; null where not measured.</param>
/// <param name="SpectralRadius">The largest |eigenvalue| of the recurrent matrix, where taken at that step.</param>
/// <param name="Gates">How far the gates are open; null without gates or where not measured.</param>
internal sealed record TimeAnswer(
    string Layer,
    int Step,
    double? DecadesPerStep,
    double? ForecastDecadesPerStep,
    int? MemoryHorizon,
    int? NeededLag,
    int? CutLag,
    double? WeightDecades,
    double? ActivationDecades,
    double? GateDecades,
    double? Lyapunov,
    double? SpectralRadius,
    IReadOnlyList<GateStatistics>? Gates)
{
    /// <summary>The answers of a run's recurrent layers; null where it has none.</summary>
    public static IReadOnlyList<TimeAnswer>? Of(Run run)
    {
        IReadOnlyList<TimeSummary> layers = TimeSummary.Of(run);
        // The forecast speaks of the layer with the longest memory.
        TimeSummary? longest = layers.MaxBy(layer => layer.DecadesPerStep ?? double.NegativeInfinity);
        return run.Header.Structure.Recurrences is null
            ? null
            : [.. layers.Select(layer => Of(layer, run, layer == longest ? run.Forecast?.DecadesPerTimeStep : null))];
    }

    private static TimeAnswer Of(TimeSummary layer, Run run, double? forecast) => new(
        layer.Layer.Name, layer.Step, layer.DecadesPerStep, forecast, layer.MemoryHorizon,
        LagProfile.NeededLag(run.Header, layer.Layer), layer.CutLag, layer.Profile.WeightDecades,
        layer.Profile.ActivationDecades, layer.Profile.GateDecades, layer.Profile.Lyapunov,
        layer.Profile.Spectrum?.Radius, layer.Profile.Gates);
}
