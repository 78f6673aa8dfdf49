namespace GradFlow.Runs;

/// <summary>
/// The gradient norm against depth, in two numbers; the same definition for measured and expected norms.
/// </summary>
public static class DepthProfile
{
    /// <summary>
    /// The slope of log10 ‖∂L/∂cut‖ over the parametrised layers, towards the input (least squares): negative where the
    /// gradient vanishes, −∞ where a layer's is exactly zero.
    /// </summary>
    /// <param name="cuts">The net's cuts.</param>
    /// <param name="norms">log10 norms per cut.</param>
    /// <returns>Null where fewer than two layers' gradients are known or one is infinite.</returns>
    public static double? DecadesPerLayer(IReadOnlyList<CutInfo> cuts, IReadOnlyList<double?>? norms) =>
        DecadesPerLayer(LayerNorms(cuts, norms));

    /// <summary>The same slope over chosen layers.</summary>
    /// <param name="points">Depth and log10 norm of each layer.</param>
    /// <returns>Null where there are fewer than two depths, one norm is infinite, or all are exactly zero.</returns>
    public static double? DecadesPerLayer(IReadOnlyList<(int Layer, double Norm)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2 || points.Any(point => double.IsPositiveInfinity(point.Norm))) return null;
        if (points.All(point => double.IsNegativeInfinity(point.Norm))) return null;
        if (points.Any(point => double.IsNegativeInfinity(point.Norm))) return double.NegativeInfinity;
        double meanLayer = points.Average(point => point.Layer), meanNorm = points.Average(point => point.Norm);
        double covariance = points.Sum(point => (point.Layer - meanLayer) * (point.Norm - meanNorm));
        double variance = points.Sum(point => (point.Layer - meanLayer) * (point.Layer - meanLayer));
        return variance > 0 ? -covariance / variance : null;
    }

    /// <summary>The depth and log10 norm of every layer output that was measured and isn't undefined.</summary>
    /// <param name="cuts">The net's cuts.</param>
    /// <param name="norms">log10 norms per cut; null if none were measured.</param>
    public static List<(int Layer, double Norm)> LayerNorms(IReadOnlyList<CutInfo> cuts, IReadOnlyList<double?>? norms)
    {
        ArgumentNullException.ThrowIfNull(cuts);
        var points = new List<(int, double)>();
        for (int i = 0; i < cuts.Count && i < (norms?.Count ?? 0); i++)
            if (cuts[i].IsLayerOutput && norms![i] is { } norm && !double.IsNaN(norm))
                points.Add((cuts[i].Layer, norm));
        return points;
    }
}
