namespace GradFlow.Runs;

/// <summary>
/// One closely watched step. Arrays are indexed by the tables of <see cref="RunStructure"/>.
/// A null array was not measured; a null entry was not measured for that row; NaN is undefined (0/0); −∞ is the log of
/// an exact zero. All logs are base 10 of the Frobenius norm, taken before the update of this step.
/// </summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="CutNorms">
/// log10 ‖∂L/∂cut‖ per <see cref="RunStructure.Cuts"/>; finite at any depth, 10^-6000 included.
/// </param>
/// <param name="PartGains">
/// Decades per <see cref="RunStructure.Parts"/>: log10(‖∂L/∂in‖ / ‖∂L/∂out‖); negative where the gradient shrinks on
/// its way back. The parts of a link sum to the difference of its two cut norms.
/// </param>
/// <param name="Forward">Forward statistics per <see cref="RunStructure.Signals"/>.</param>
/// <param name="Parameters">Statistics per <see cref="RunStructure.Parameters"/>.</param>
/// <param name="GradientCosine">Cosine with the gradient of the step before; null if there was none.</param>
/// <param name="ThroughTime">The gradient's way back in time per <see cref="RunStructure.Recurrences"/>.</param>
/// <param name="Attention">How widely heads look, per <see cref="RunStructure.Attentions"/>.</param>
public sealed record Frame(
    int Step,
    IReadOnlyList<double?>? CutNorms,
    IReadOnlyList<double?>? PartGains,
    ForwardStatistics? Forward,
    ParameterStatistics? Parameters,
    double? GradientCosine,
    IReadOnlyList<TimeProfile?>? ThroughTime = null,
    IReadOnlyList<AttentionProfile?>? Attention = null);

/// <summary>Statistics of layer outputs, one entry per <see cref="RunStructure.Signals"/>.</summary>
/// <param name="Mean">Mean over batch and units.</param>
/// <param name="Std">Standard deviation over batch and units.</param>
/// <param name="Rms">Root mean square over batch and units.</param>
/// <param name="SaturatedShare">
/// Share of entries of a bounded activation whose |φ'| is below 5 % of φ's largest slope; null elsewhere.
/// </param>
/// <param name="DeadShare">
/// Share of units whose own φ' was 0 for every sample of at least the last epoch (or of all samples seen since, where
/// no epoch has passed: then it is null); null where φ' is never 0.
/// </param>
/// <param name="NonFinite">Count of entries that are NaN or infinite.</param>
public sealed record ForwardStatistics(
    IReadOnlyList<double?>? Mean,
    IReadOnlyList<double?>? Std,
    IReadOnlyList<double?>? Rms,
    IReadOnlyList<double?>? SaturatedShare,
    IReadOnlyList<double?>? DeadShare,
    IReadOnlyList<double?>? NonFinite);

/// <summary>
/// Statistics of parameters and their gradients, one entry per <see cref="RunStructure.Parameters"/>.
/// </summary>
/// <param name="WeightNorm">‖w‖ before the update.</param>
/// <param name="GradientNorm">log10 ‖g‖ before clipping, from the renormalised gradient, so finite at any size.</param>
/// <param name="GradientMeanAbs">log10 of mean |g|.</param>
/// <param name="GradientMaxAbs">log10 of max |g|.</param>
/// <param name="ZeroShare">Share of entries of the float32 gradient that are exactly 0.</param>
/// <param name="NonFinite">Count of gradient entries that are NaN or infinite.</param>
/// <param name="UpdateRatio">‖Δw‖/‖w‖ of this step's update; NaN where w was 0.</param>
/// <param name="Distance">‖w−w₀‖/‖w₀‖ before the update; NaN where w₀ was 0.</param>
/// <param name="Exponents">Histogram of the gradient entries' binary exponents, one per parameter.</param>
public sealed record ParameterStatistics(
    IReadOnlyList<double?>? WeightNorm,
    IReadOnlyList<double?>? GradientNorm,
    IReadOnlyList<double?>? GradientMeanAbs,
    IReadOnlyList<double?>? GradientMaxAbs,
    IReadOnlyList<double?>? ZeroShare,
    IReadOnlyList<double?>? NonFinite,
    IReadOnlyList<double?>? UpdateRatio,
    IReadOnlyList<double?>? Distance,
    IReadOnlyList<ExponentHistogram?>? Exponents);

/// <summary>
/// How many gradient entries have each binary exponent: the share that fp16 or bf16 would lose is read off.
/// </summary>
/// <param name="First">The exponent e of the first bin, in which 2^e ≤ |g| &lt; 2^(e+1).</param>
/// <param name="Counts">
/// Entries per exponent, from <paramref name="First"/> upwards. Zeros and non-finites are not in it.
/// </param>
public sealed record ExponentHistogram(int First, IReadOnlyList<int> Counts);
