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
        List<(int Layer, double Norm)> points = [];
        foreach (int cut in layers.LayerOutputs)
            if (frame.CutNorms.At(cut) is { } value && !double.IsNaN(value))
                points.Add((layers.Cuts[cut].Layer, value));
        if (points.Count < 2 || points.Any(point => double.IsPositiveInfinity(point.Norm))) return null;
        if (LogMean.Difference(points[0].Norm, points[^1].Norm) is not { } ratio) return null;

        double? total = LogMean.Difference(
            frame.CutNorms.At(layers.FirstCut), frame.CutNorms.At(layers.Cuts.Count - 1));
        return new GradientProfile(frame, DepthProfile.DecadesPerLayer(points) ?? 0, ratio, total ?? ratio);
    }
}
