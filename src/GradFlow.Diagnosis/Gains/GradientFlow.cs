using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>How the gradient fares on its way back, over the frames that count.</summary>
internal sealed class GradientFlow
{
    private readonly List<GradientProfile> _judged;

    private GradientFlow(
        RunStructure structure, NetLayers layers, List<GradientProfile> judged, GradientProfile first, bool isLate)
    {
        // What is said of the gradient and of its parts must come from the same frames.
        bool isZero = LogMean.Of(judged.Select(profile => (double?)profile.LogRatio)) is double.NegativeInfinity;
        _judged = [.. judged.Where(profile => double.IsNegativeInfinity(profile.LogRatio) == isZero)];
        Layers = layers;
        IsLate = isLate;
        First = first;
        Frames = [.. _judged.Select(profile => profile.Frame)];
        Attribution = new GainAttribution(PartGain.All(structure, layers, Frames));
        DecadesPerLayer = LogMean.Of(_judged.Select(profile => (double?)profile.DecadesPerLayer)) ?? 0;
        LogRatio = LogMean.Of(_judged.Select(profile => (double?)profile.LogRatio)) ?? 0;
        TotalDecades = LogMean.Of(_judged.Select(profile => (double?)profile.TotalDecades)) ?? 0;
    }

    public NetLayers Layers { get; }

    public GainAttribution Attribution { get; }

    /// <summary>The frames that were judged.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>The first frame of the run with a profile, judged or not.</summary>
    public GradientProfile First { get; }

    /// <summary>True where the early frames were sound and late ones are judged.</summary>
    public bool IsLate { get; }

    public double DecadesPerLayer { get; }

    public double LogRatio { get; }

    public double TotalDecades { get; }

    /// <summary>The step of the first judged frame that is past the threshold in the same direction.</summary>
    public int SinceStep(Thresholds thresholds) => (_judged.Find(
        profile => profile.LogRatio * Math.Sign(LogRatio) >= thresholds.TroubleDecades) ?? _judged[0]).Frame.Step;

    public bool IsTrouble(Thresholds thresholds) => Math.Abs(LogRatio) >= thresholds.TroubleDecades;

    /// <summary>
    /// True where every judged frame has lost the gradient to float32; the first alone does not say so, since the
    /// first update may bring it back.
    /// </summary>
    public bool IsLost(Thresholds thresholds) =>
        _judged[^1].Frame.Step > 0 && _judged.TrueForAll(profile => profile.LogRatio <= -thresholds.LostDecades);

    private static bool IsTroubled(GradientProfile profile, Thresholds thresholds) =>
        Math.Abs(profile.LogRatio) >= thresholds.TroubleDecades;

    /// <summary>True where the first frame is troubled already, so that training did not bring it about.</summary>
    public bool IsFromStart(Thresholds thresholds) =>
        IsTroubled(First, thresholds) || First.LogRatio * Math.Sign(LogRatio) >= Math.Abs(LogRatio) / 2;

    /// <summary>
    /// Judges the frames before the net has converged; where these are sound and the net does not learn, the first one
    /// alone, then the last quarter. Null where no frame shows the gradient at two layers.
    /// </summary>
    public static GradientFlow? Of(Run run, Learning learning, Thresholds thresholds)
    {
        var layers = new NetLayers(run.Header.Structure);
        List<GradientProfile> all =
            [.. run.Frames.Select(frame => GradientProfile.Of(frame, layers)).OfType<GradientProfile>()];
        List<GradientProfile> early = [.. all.Where(profile => IsEarly(profile.Frame.Step, run.Header.Plan, learning))];
        // A record that begins late has no early frame; of a net that hasn't learned, its first will do.
        if (early.Count == 0 && learning.State != LearningState.Learned) early = [.. all.Take(1)];
        if (early.Count == 0) return null;
        // Where the first frame shows the disease in numbers, a layer that later dies of it must not hide them.
        if (IsTroubled(early[0], thresholds) && double.IsFinite(early[0].LogRatio))
            early = [.. early.Where(profile => double.IsFinite(profile.LogRatio))];

        RunStructure structure = run.Header.Structure;
        var flow = new GradientFlow(structure, layers, early, all[0], isLate: false);
        if (learning.State == LearningState.Learned) return flow;
        var start = new GradientFlow(structure, layers, [all[0]], all[0], isLate: false);
        if (flow.IsTrouble(thresholds))
            // What steps made of a net that they threw off says nothing of the gradient that it began with.
            return learning.IsWorseThanConstant
                && flow.LogRatio < 0 && start.LogRatio < 0 && start.IsTrouble(thresholds)
                ? start
                : flow;
        // A first update that blows the weights up can hide, in a mean, the gradient that made it do so.
        if (start.IsTrouble(thresholds)) return start;
        var late = new GradientFlow(structure, layers, all[^Math.Max(1, all.Count / 4)..], all[0], isLate: true);
        return late.IsTrouble(thresholds) ? late : flow;
    }

    /// <summary>The first epoch or tenth of the training, up to the step at which half the loss is gone.</summary>
    public static bool IsEarly(int step, TrainingPlan plan, Learning learning) =>
        step <= Math.Max(Math.Max(plan.StepsPerEpoch, plan.Steps / 10), 1) && !(step >= learning.HalfwayStep);
}
