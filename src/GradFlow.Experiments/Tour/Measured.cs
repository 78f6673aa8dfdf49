using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Reads off a run what the tour shows of it.</summary>
internal static class Measured
{
    private const int CurvePoints = 60;

    /// <summary>What share of the way from guessing to never failing counts as having learned.</summary>
    private const double LearnedShare = 0.1;

    /// <summary>The gradient norm at each layer's output at step 0, relative to the last layer's, in decades.</summary>
    public static List<(int Layer, double Norm)> AgainstDepth(Run run) => AgainstDepth(run, run.Frames[0]);

    /// <summary>The same at one of its frames.</summary>
    public static List<(int Layer, double Norm)> AgainstDepth(Run run, Frame frame) =>
        Relative(DepthProfile.LayerNorms(run.Header.Structure.Cuts, frame.CutNorms));

    /// <summary>The same as theory expects it.</summary>
    public static List<(int Layer, double Norm)> ExpectedAgainstDepth(Run run) =>
        Relative(DepthProfile.LayerNorms(run.Header.Structure.Cuts, run.Forecast?.CutNorms));

    /// <summary>Decades per layer at step 0.</summary>
    public static double? Slope(Run run) => run.Forecast?.MeasuredDecadesPerLayer;

    /// <summary>
    /// The training loss in bins of equal length, each bin's mean at the number of steps taken by then; NaN where it
    /// broke.
    /// </summary>
    public static (List<double> Steps, List<double?> Losses) LossCurve(Run run) => Curve(run, step => step.Loss);

    /// <summary>The metric on the training batches in the same bins.</summary>
    public static (List<double> Steps, List<double?> Scores) ScoreCurve(Run run) => Curve(run, step => step.Metric);

    /// <summary>The first step that is not finite; null where all are.</summary>
    public static int? BrokenAt(Run run) => run.End?.Reason == "non-finite" ? run.Steps[^1].Step : null;

    /// <summary>The metric on test data.</summary>
    public static double Score(Run run) =>
        run.Evaluations.Last(evaluation => evaluation.Split == "test").Metric ?? double.NaN;

    /// <summary>Whether it is clearly better than guessing.</summary>
    public static bool HasLearned(Run run)
    {
        double chance = run.Header.Plan.ChanceMetric ?? 0;
        return BrokenAt(run) is null && Score(run) >= chance + LearnedShare * (1 - chance);
    }

    private static (List<double> Steps, List<double?> Values) Curve(Run run, Func<StepRecord, double?> value)
    {
        var steps = new List<double>();
        var values = new List<double?>();
        foreach (StepRecord[] bin in run.Steps.Chunk(Math.Max(1, run.Steps.Count / CurvePoints)))
        {
            steps.Add(bin[^1].Step + 1);
            values.Add(bin.Average(value));
        }
        return (steps, values);
    }

    private static List<(int Layer, double Norm)> Relative(List<(int Layer, double Norm)> norms) =>
        norms.ConvertAll(point => (point.Layer, point.Norm - norms[^1].Norm));
}
