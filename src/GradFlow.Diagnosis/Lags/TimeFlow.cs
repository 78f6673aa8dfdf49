using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>What is wrong with a gradient's way back through time.</summary>
internal enum TimeTrouble
{
    /// <summary>Enough of it arrives where the task needs it.</summary>
    None,

    /// <summary>Less than 1 % is left at the lag that the task needs.</summary>
    Vanishes,

    /// <summary>Truncated back-propagation ends it before the lag that the task needs.</summary>
    Cut,

    /// <summary>
    /// It has grown a hundredfold at the farthest lag; or would, since the states do on the way forward, had truncation
    /// not ended it before.
    /// </summary>
    Explodes,
}

/// <summary>How the gradient fares on its way back through time, over the frames that count.</summary>
internal sealed class TimeFlow
{
    private readonly Run _run;
    private readonly Thresholds _thresholds;

    private TimeFlow(Run run, IReadOnlyList<Frame> frames, Frame first, Thresholds thresholds)
    {
        (_run, _thresholds) = (run, thresholds);
        Frames = frames;
        Layers = MemoriesIn(run.Header.Structure, frames);
        (Trouble, Judged) = Judge(Layers, thresholds);
        IsHidden = Trouble == TimeTrouble.Explodes && Judged.Total < thresholds.TroubleDecades;
        bool HasHalf(Frame frame) => MemoriesIn(run.Header.Structure, [frame])
            .Find(layer => layer.Layer == Judged.Layer) is { } layer && Size(layer) >= Size(Judged) / 2;
        IsFromStart = Trouble == TimeTrouble.Cut || HasHalf(first);
        SinceStep = (IsFromStart ? frames[0] : frames.FirstOrDefault(HasHalf, frames[0])).Step;
    }

    /// <summary>The frames that were judged.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>The recurrent layers that were measured, in the order of the net.</summary>
    public List<LayerMemory> Layers { get; }

    public TimeTrouble Trouble { get; }

    /// <summary>
    /// The layer that the judgement rests on: the one that grows the gradient most, else that with the longest memory,
    /// since a memory in any layer will do.
    /// </summary>
    public LayerMemory Judged { get; }

    /// <summary>True where the early frames were sound and late ones are judged.</summary>
    public bool IsLate { get; private init; }

    /// <summary>
    /// True where the first frame has half of the trouble already, so that training did not bring it about.
    /// </summary>
    public bool IsFromStart { get; }

    /// <summary>
    /// True where the states explode on the way forward, and truncation ends the gradient before it shows the same.
    /// </summary>
    public bool IsHidden { get; }

    /// <summary>The first of the judged frames that has half of the trouble.</summary>
    public int SinceStep { get; }

    /// <summary>
    /// True where the gradient exploded at one step alone, <see cref="SinceStep"/>, and the loss with it.
    /// </summary>
    public bool IsBurst { get; private init; }

    /// <summary>
    /// The first frame in which the gradient vanishes after it had exploded at the start; null where it didn't.
    /// </summary>
    public int? VanishesFrom { get; private init; }

    /// <summary>True where it is known how far back the task needs its gradient.</summary>
    public bool IsNeedKnown => _run.Header.Plan.LongestDependency is not null;

    /// <summary>
    /// The lag at which the gradient is needed: the task's longest dependency, else the farthest one.
    /// </summary>
    public int NeededLag => NeededBy(Judged);

    /// <summary>log10 of what is left at that lag; where it explodes, of its growth until the farthest one.</summary>
    public double Decades => Trouble == TimeTrouble.Explodes ? Growth(Judged) : Judged.At(NeededLag);

    public IEnumerable<AttributionEntry> Attribution => Layers.SelectMany(layer => layer.Attribution);

    /// <summary>
    /// Judges the frames before the net has converged. Where the net does not learn, the first frame alone goes before
    /// them if it has the trouble already, since what a stuck net's training does to its units is no cause of it: steps
    /// along a gradient that explodes saturate them, whereupon it vanishes. Where all of these are sound, the last
    /// quarter is judged. Null where no frame shows a gradient at two lags, or cut after one.
    /// </summary>
    public static TimeFlow? Of(Run run, Learning learning, Thresholds thresholds)
    {
        List<Frame> all = [.. run.Frames.Where(frame => MemoriesIn(run.Header.Structure, [frame]).Count > 0)];
        List<Frame> early = [.. all.Where(frame => GradientFlow.IsEarly(frame.Step, run.Header.Plan, learning))];
        if (early.Count == 0 && learning.State != LearningState.Learned) early = [.. all.Take(1)];
        if (early.Count == 0) return null;

        TimeFlow Over(List<Frame> frames, bool isLate = false, bool isBurst = false) =>
            new(run, frames, all[0], thresholds) { IsLate = isLate, IsBurst = isBurst };
        TimeFlow flow = Over(early);
        if (learning.State == LearningState.Learned) return flow;
        TimeFlow start = Over([all[0]]);
        if (start.Trouble == TimeTrouble.None && flow.Trouble != TimeTrouble.Explodes
            && BurstIn(run, all, thresholds) is { } frame) return Over([frame], isBurst: true);
        if (flow is { Trouble: TimeTrouble.Vanishes, IsFromStart: false } && start.Trouble == TimeTrouble.Explodes
            && start.Decades >= thresholds.GraveDecades)
            return new TimeFlow(run, [all[0]], all[0], thresholds) { VanishesFrom = flow.SinceStep };
        if (flow.Trouble != TimeTrouble.None)
            return flow.IsFromStart && start.Trouble == flow.Trouble ? start : flow;
        if (start.Trouble != TimeTrouble.None) return start;
        TimeFlow late = Over(all[^Math.Max(1, all.Count / 4)..], isLate: true);
        return late.Trouble != TimeTrouble.None ? late : flow;
    }

    /// <summary>
    /// The frame in which the gradient grows most, and gravely, while the loss leaps: a mean over frames hides it, and
    /// what the net is like afterwards is no cause. Null where there is none.
    /// </summary>
    private static Frame? BurstIn(Run run, List<Frame> frames, Thresholds thresholds)
    {
        double leap = Math.Abs(run.Steps[0].Loss) * Math.Pow(10, thresholds.TroubleDecades);
        HashSet<int> leaps = [.. run.Steps.Where(step => step.Loss > leap).Select(step => step.Step)];
        double Growth(Frame frame) => MemoriesIn(run.Header.Structure, [frame])
            .Where(layer => layer.DecadesPerStep > 0).Max(layer => (double?)layer.Total) ?? 0;
        return frames.Where(frame => leaps.Contains(frame.Step) && Growth(frame) >= thresholds.GraveDecades)
            .MaxBy(Growth);
    }

    /// <summary>
    /// How many frames were taken after the first one judged, and in how many of them enough of a gradient that
    /// vanishes arrives in some layer all the same.
    /// </summary>
    public (int Frames, int Sound) Afterwards()
    {
        List<List<LayerMemory>> later = [.. _run.Frames.Where(frame => frame.Step > SinceStep)
            .Select(frame => MemoriesIn(_run.Header.Structure, [frame])).Where(layers => layers.Count > 0)];
        return (later.Count, later.Count(
            layers => layers.Exists(layer => layer.At(NeededBy(layer)) > -_thresholds.TroubleDecades)));
    }

    private static List<LayerMemory> MemoriesIn(RunStructure structure, IReadOnlyList<Frame> frames) =>
        [.. (structure.Recurrences ?? []).Select((layer, i) => LayerMemory.Of(layer, i, frames)).OfType<LayerMemory>()];

    private (TimeTrouble, LayerMemory) Judge(List<LayerMemory> layers, Thresholds thresholds)
    {
        LayerMemory growing = layers.MaxBy(layer => layer.Total)!;
        if (growing.Total >= thresholds.TroubleDecades && growing.DecadesPerStep > 0)
            return (TimeTrouble.Explodes, growing);
        if (layers.Where(layer => HidesGrowth(layer, thresholds)).MaxBy(layer => layer.StateGrowth) is { } hidden)
            return (TimeTrouble.Explodes, hidden);
        LayerMemory longest = layers.OrderByDescending(layer => layer.At(NeededBy(layer)))
            .ThenByDescending(layer => layer.At(layer.LastLag)).First();
        if (longest.At(NeededBy(longest)) > -thresholds.TroubleDecades) return (TimeTrouble.None, longest);
        bool isCut = longest.CutLag <= NeededBy(longest) && longest.Total > -thresholds.TroubleDecades;
        return (isCut ? TimeTrouble.Cut : TimeTrouble.Vanishes, longest);
    }

    /// <summary>
    /// The states multiply by the same weights as the gradient, which grows as far as the window lets it.
    /// </summary>
    private static bool HidesGrowth(LayerMemory layer, Thresholds thresholds) => layer.CutLag is not null
        && layer.DecadesPerStep > 0 && layer.StateGrowth >= thresholds.ForwardDecades;

    private double Growth(LayerMemory layer) => IsHidden ? layer.StateGrowth : layer.Total;

    private int NeededBy(LayerMemory layer) => LagProfile.NeededLag(_run.Header, layer.Layer) ?? layer.LastLag;

    private double Size(LayerMemory layer) =>
        Trouble == TimeTrouble.Explodes ? Growth(layer) : -layer.At(NeededBy(layer));
}
