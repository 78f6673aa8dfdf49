namespace GradFlow.Runs;

/// <summary>
/// The gradient norm against lag, in a few numbers; the same definition for every reader of the records.
/// </summary>
public static class LagProfile
{
    /// <summary>The share of lag 0's gradient norm below which memory ends: 1 %, 2 decades.</summary>
    public const double HorizonDecades = -2;

    /// <summary>
    /// The slope of log10 ‖∂L_τ/∂s_{τ−k}‖ over the lag k (least squares), in decades per time step: negative where the
    /// gradient vanishes through time, −∞ where it is exactly zero at some lag.
    /// </summary>
    /// <param name="lagNorms">log10 norms by lag; null entries are cut and left out.</param>
    /// <returns>Null where fewer than two lags are known or one is infinite or undefined.</returns>
    public static double? DecadesPerStep(IReadOnlyList<double?>? lagNorms)
    {
        List<(int Lag, double Norm)> points = Known(lagNorms);
        if (points.Count < 2 || points.Exists(p => double.IsNaN(p.Norm) || double.IsPositiveInfinity(p.Norm)))
            return null;
        if (double.IsNegativeInfinity(points[0].Norm)) return null;
        if (points.Exists(p => double.IsNegativeInfinity(p.Norm))) return double.NegativeInfinity;
        double meanLag = points.Average(p => p.Lag), meanNorm = points.Average(p => p.Norm);
        double covariance = points.Sum(p => (p.Lag - meanLag) * (p.Norm - meanNorm));
        return covariance / points.Sum(p => (p.Lag - meanLag) * (p.Lag - meanLag));
    }

    /// <summary>The same of the recurrent layer with the longest memory, at one step.</summary>
    /// <param name="frame">The step; null for none.</param>
    /// <returns>Null where no layer's is known.</returns>
    public static double? LargestSlope(Frame? frame) =>
        frame?.ThroughTime?.Max(profile => DecadesPerStep(profile?.LagNorms));

    /// <summary>The memory horizon: the first lag at which the gradient norm is below 1 % of that at lag 0.</summary>
    /// <param name="lagNorms">log10 norms by lag.</param>
    /// <returns>Null where it stays above as far as it is known, or lag 0 is unknown or not finite.</returns>
    public static int? MemoryHorizon(IReadOnlyList<double?>? lagNorms)
    {
        if (lagNorms is not [{ } first, ..] || !double.IsFinite(first)) return null;
        foreach ((int lag, double norm) in Known(lagNorms))
            if (norm - first < HorizonDecades) return lag;
        return null;
    }

    /// <summary>The lag from which the gradient is cut by truncation; null where it never is.</summary>
    /// <param name="lagNorms">log10 norms by lag.</param>
    public static int? CutLag(IReadOnlyList<double?>? lagNorms)
    {
        for (int lag = 0; lag < (lagNorms?.Count ?? 0); lag++)
            if (lagNorms![lag] is null) return lag;
        return null;
    }

    /// <summary>
    /// The task's longest dependency in a layer's own time steps: a layer behind pooling has fewer than the data, and
    /// each stands for as many of the data's as the recurrent layer with the most steps has more (rounded).
    /// </summary>
    /// <param name="header">The plan and the recurrent layers.</param>
    /// <param name="layer">One of them.</param>
    /// <returns>The lag, at most the layer's farthest; null where the task's dependency is not known.</returns>
    public static int? NeededLag(RunHeader header, RecurrenceInfo layer)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(layer);
        if (header.Plan.LongestDependency is not { } needed || layer.Steps < 1) return header.Plan.LongestDependency;
        int most = Math.Max(layer.Steps, header.Structure.Recurrences?.Max(other => other.Steps) ?? 0);
        if (most == layer.Steps) return needed;
        double stride = Math.Round((double)most / layer.Steps);
        return Math.Min((int)Math.Ceiling(needed / stride), layer.Steps - 1);
    }

    /// <summary>
    /// The slope of log10 RMS(h_t) over the time step t (least squares over the later half of the sequence), in decades
    /// per time step. A state that sums its inputs, as an identity's does, has slowed down by then; one that its
    /// weights enlarge has not.
    /// </summary>
    /// <param name="stateRms">The states' root mean square by time step; what is not finite or 0 is left out.</param>
    /// <returns>Null where fewer than two of the later half are known.</returns>
    public static double? StateDecadesPerStep(IReadOnlyList<double?>? stateRms) => DecadesPerStep(
        [.. (stateRms ?? []).Skip((stateRms?.Count ?? 0) / 2)
            .Select(rms => rms > 0 && double.IsFinite(rms.Value) ? Math.Log10(rms.Value) : (double?)null)]);

    private static List<(int Lag, double Norm)> Known(IReadOnlyList<double?>? lagNorms)
    {
        var points = new List<(int, double)>();
        for (int lag = 0; lag < (lagNorms?.Count ?? 0); lag++)
            if (lagNorms![lag] is { } norm) points.Add((lag, norm));
        return points;
    }
}
