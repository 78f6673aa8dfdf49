using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>The gradient norm against depth in one frame, in numbers.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="DecadesPerLayer">Least-squares slope over the parametrised layers, towards the input.</param>
/// <param name="LogRatio">log10 of the first layer's gradient over the last one's.</param>
/// <param name="TotalDecades">The same between the first and the last cut.</param>
internal sealed record GradientProfile(Frame Frame, double DecadesPerLayer, double LogRatio, double TotalDecades)
{
    /// <summary>A frame's profile; null where fewer than two layers' gradients are known, or all are zero.</summary>
    public static GradientProfile? Of(Frame frame, NetLayers layers)
    {
        List<(int Layer, double Value)> points = [];
        foreach (int cut in layers.LayerOutputs)
            if (frame.CutNorms.At(cut) is { } value && !double.IsNaN(value))
                points.Add((layers.Cuts[cut].Layer, value));
        if (points.Count < 2 || points.Any(point => double.IsPositiveInfinity(point.Value))) return null;
        if (LogMean.Difference(points[0].Value, points[^1].Value) is not { } ratio) return null;

        double? total = LogMean.Difference(
            frame.CutNorms.At(layers.FirstCut), frame.CutNorms.At(layers.Cuts.Count - 1));
        return new GradientProfile(frame, Slope(points), ratio, total ?? ratio);
    }

    /// <summary>−∞ where a layer's gradient is exactly zero: no line fits, and all before it is zero too.</summary>
    private static double Slope(List<(int Layer, double Value)> points)
    {
        if (points.Any(point => double.IsNegativeInfinity(point.Value))) return double.NegativeInfinity;
        double meanLayer = points.Average(point => point.Layer), meanValue = points.Average(point => point.Value);
        double covariance = 0, variance = 0;
        foreach ((int layer, double value) in points)
        {
            covariance += (layer - meanLayer) * (value - meanValue);
            variance += (layer - meanLayer) * (layer - meanLayer);
        }
        return variance > 0 ? -covariance / variance : 0;
    }
}
