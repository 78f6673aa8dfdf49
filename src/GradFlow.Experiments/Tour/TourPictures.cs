using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>The axes and lines that pictures of several stops share.</summary>
internal static class TourPictures
{
    public static TourAxis Layers { get; } = new("layers passed on the way back from the loss");

    public static TourAxis Step { get; } = new("steps");

    public static TourAxis RelativeGradient { get; } = new("gradient norm, the last layer's = 1", IsLog: true);

    /// <summary>A line over the layers in the order in which the gradient passes them, from the loss on.</summary>
    public static TourLine WayBack(
        string name, LineTone tone, List<(int Layer, double Norm)> norms, bool isForecast = false, string? note = null)
    {
        List<(int Layer, double Norm)> way = [.. norms.OrderByDescending(point => point.Layer)];
        return new TourLine(
            name, tone, [.. way.Select(point => (double)(way[0].Layer - point.Layer))],
            [.. way.Select(point => (double?)point.Norm)], isForecast, note);
    }

    /// <summary>The training loss over the steps.</summary>
    /// <param name="name">What the line is called.</param>
    /// <param name="tone">Its hue.</param>
    /// <param name="run">The training.</param>
    /// <param name="isLog">Whether the axis is logarithmic.</param>
    public static TourLine Loss(string name, LineTone tone, Run run, bool isLog = false)
    {
        (List<double> steps, List<double?> losses) = Measured.LossCurve(run);
        if (isLog) losses = losses.ConvertAll(loss => loss is { } value ? Math.Log10(value) : loss);
        return new TourLine(name, tone, steps, losses, Note: Outcome(run));
    }

    /// <summary>The metric on the training batches over the steps.</summary>
    public static TourLine Score(string name, LineTone tone, Run run)
    {
        (List<double> steps, List<double?> scores) = Measured.ScoreCurve(run);
        return new TourLine(name, tone, steps, scores, Note: Outcome(run));
    }

    /// <summary>What a training came to, in a word: its score, or where it broke.</summary>
    public static string Outcome(Run run) => Measured.BrokenAt(run) is { } step
        ? $"NaN at step {TourWords.Count(step)}"
        : TourWords.Percent(Measured.Score(run));
}
