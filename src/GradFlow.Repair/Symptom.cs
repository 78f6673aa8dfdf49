using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The number that shows a disease, and how long a training must run to show it.</summary>
/// <param name="Quantity">Its name, as in the evidence of findings.</param>
/// <param name="Stretch">When it is read.</param>
internal sealed record Symptom(string Quantity, Stretch Stretch)
{
    /// <summary>A cause is confirmed where changing it alone takes away at least this share of the symptom.</summary>
    private const double ConfirmingShare = 0.5;

    /// <summary>How many steps stay finite; the symptom is gone where all of a trial's do.</summary>
    public const string FiniteSteps = "finiteSteps";

    private const string Loss = "validationLoss", Accuracy = "validationAccuracy";

    /// <summary>
    /// True where only a training that then learns, as trials are judged, shows that the symptom is gone.
    /// </summary>
    public bool IsLearning => Quantity is Loss or Accuracy;

    /// <summary>
    /// What a finding is measured by again. Depth shows in the whole way back, since it changes no layer's own gain;
    /// steps that are too large show only after some of them. A smaller rate always delays what goes wrong, so that it
    /// is the cause only where the net then learns.
    /// </summary>
    /// <param name="finding">What was found.</param>
    /// <param name="isJudgedByMetric">True where the accuracy alone says whether the net has learned.</param>
    public static Symptom Of(Finding finding, bool isJudgedByMetric) => finding switch
    {
        { Rule: RuleIds.SaturatedUnits, Cause: CauseIds.LearningRate } => new("saturatedShare", Stretch.Epoch),
        { Rule: RuleIds.SaturatedUnits } => new("saturatedShare", Stretch.Start),
        { Rule: RuleIds.DeadUnits } => new("deadShare", Stretch.Epoch),
        { Cause: CauseIds.LearningRate or CauseIds.Clipping } => Learning(isJudgedByMetric),
        { Rule: RuleIds.NonFinite } => new(FiniteSteps, Stretch.Trial),
        { Cause: CauseIds.Recurrence } when finding.Evidence.ContainsKey("stateDecadesPerStep") =>
            new("stateDecadesPerStep", Stretch.Start),
        { Cause: CauseIds.Recurrence } when IsCut(finding) => new("decadesAtNeededLag", Stretch.Start),
        { Cause: CauseIds.Recurrence or CauseIds.Activation } when finding.Evidence.ContainsKey("decadesPerStep") =>
            new("decadesPerStep", Stretch.Start),
        { Rule: RuleIds.NoLearning, Cause: CauseIds.Recurrence } => Learning(isJudgedByMetric),
        { Cause: CauseIds.LossOrOutput or CauseIds.DataScale or CauseIds.Attention } => Learning(isJudgedByMetric),
        { Cause: CauseIds.Depth } => new("ratioFirstToLast", Stretch.Start),
        _ => new("decadesPerLayer", Stretch.Start),
    };

    /// <summary>What a training comes to: its validation loss or, where that alone tells, its accuracy.</summary>
    public static Symptom Learning(bool isJudgedByMetric) => new(isJudgedByMetric ? Accuracy : Loss, Stretch.Trial);

    /// <summary>Its value in a training that has run as long as it asks; null where that wasn't measured.</summary>
    public double? ReadFrom(Run run)
    {
        IReadOnlyList<CutInfo> cuts = run.Header.Structure.Cuts;
        return Quantity switch
        {
            Loss => run.End?.Reason == "non-finite" ? double.PositiveInfinity : run.Evaluations[^1].Loss,
            Accuracy => run.Evaluations[^1].Metric,
            FiniteSteps => run.Steps.Count(step => double.IsFinite(step.Loss)),
            "stateDecadesPerStep" => Longest(run, profile => LagProfile.StateDecadesPerStep(profile.StateRms)),
            "saturatedShare" => run.Frames[^1].Forward?.SaturatedShare?.Max(),
            "deadShare" => run.Frames[^1].Forward?.DeadShare?.Max(),
            "decadesPerStep" => Longest(run, profile => LagProfile.DecadesPerStep(profile.LagNorms)),
            "decadesAtNeededLag" => Longest(run, profile => Left(profile, run.Header.Plan.LongestDependency)),
            "ratioFirstToLast" => Ratio(DepthProfile.LayerNorms(cuts, run.Frames[0].CutNorms)),
            _ => DepthProfile.DecadesPerLayer(cuts, run.Frames[0].CutNorms),
        };
    }

    /// <summary>
    /// Whether enough of it is gone, be it into its opposite; a number that isn't finite is worse than any.
    /// </summary>
    public bool IsGone(double before, double after)
    {
        if (!double.IsFinite(after) || !double.IsFinite(before)) return double.IsFinite(after);
        return after * Math.Sign(before) <= (1 - ConfirmingShare) * Math.Abs(before);
    }

    /// <summary>True where truncation cuts a gradient that had not vanished before.</summary>
    private static bool IsCut(Finding finding) =>
        finding.Evidence.ContainsKey("cutLag") && !finding.Evidence.ContainsKey("memoryHorizon");

    /// <summary>
    /// A number of the recurrent layer with the longest memory, or the largest growth: the same, the largest.
    /// </summary>
    private static double? Longest(Run run, Func<TimeProfile, double?> select) =>
        (run.Frames[0].ThroughTime ?? []).OfType<TimeProfile>().Max(select);

    /// <summary>log10 of what is left of the gradient at a lag; −∞ where it is cut before.</summary>
    private static double? Left(TimeProfile profile, int? lag) =>
        lag >= profile.LagNorms.Count || profile.LagNorms[lag ?? 0] is not { } there
            ? double.NegativeInfinity
            : there - profile.LagNorms[0];

    private static double? Ratio(List<(int Layer, double Norm)> norms) =>
        norms.Count > 1 ? norms[0].Norm - norms[^1].Norm : null;
}

/// <summary>How long a training runs to show a symptom.</summary>
internal enum Stretch
{
    /// <summary>One step.</summary>
    Start,

    /// <summary>
    /// Two epochs, so that what dies in the first is silent for all of one, and on to the next frame.
    /// </summary>
    Epoch,

    /// <summary>As long as a trial.</summary>
    Trial,
}
