namespace GradFlow.Runs;

/// <summary>What theory expects of the gradient before the first step, and later what was measured.</summary>
/// <param name="DecadesPerLayer">
/// Expected slope of log10 gradient norm per parametrised layer towards the input: ½·log10 χ in mean-field terms;
/// negative where it vanishes. Null where theory does not cover all of the net.
/// </param>
/// <param name="TotalDecades">Expected log10(‖∂L/∂first cut‖/‖∂L/∂last cut‖).</param>
/// <param name="DepthScale">ξ = 1/|ln χ| in layers; infinite at criticality.</param>
/// <param name="TrainableDepth">About 6ξ layers (Schoenholz et al. 2017); infinite at criticality.</param>
/// <param name="CutNorms">Expected log10 ‖∂L/∂cut‖ relative to the last cut (which is 0), per cut.</param>
/// <param name="PartGains">Expected decades per part; null where theory does not cover the part.</param>
/// <param name="SignalRms">Expected forward root mean square per signal; null where not covered.</param>
/// <param name="Expectation"><c>vanishes</c>, <c>explodes</c>, <c>flows</c> or <c>unknown</c>.</param>
/// <param name="Sentence">The forecast in plain words, with its numbers.</param>
/// <param name="MeasuredDecadesPerLayer">The same slope measured at step 0; null before it was.</param>
/// <param name="MeasuredTotalDecades">The same total measured at step 0; null before it was.</param>
/// <param name="DecadesPerTimeStep">
/// Expected slope of log10 gradient norm per time step backwards, of the recurrent layer with the longest memory; null
/// without one or where theory does not cover it.
/// </param>
/// <param name="MeasuredDecadesPerTimeStep">The same slope measured at step 0; null before it was.</param>
public sealed record Forecast(
    double? DecadesPerLayer,
    double? TotalDecades,
    double? DepthScale,
    double? TrainableDepth,
    IReadOnlyList<double?> CutNorms,
    IReadOnlyList<double?> PartGains,
    IReadOnlyList<double?> SignalRms,
    string Expectation,
    string Sentence,
    double? MeasuredDecadesPerLayer = null,
    double? MeasuredTotalDecades = null,
    double? DecadesPerTimeStep = null,
    double? MeasuredDecadesPerTimeStep = null);
