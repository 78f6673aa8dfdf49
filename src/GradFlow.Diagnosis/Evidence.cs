using GradFlow.Diagnosis.Gains;
using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>A run's records as rules read them: what several rules need is worked out once, here.</summary>
public sealed class Evidence
{
    /// <summary>Reads a run. Any array of its frames may be missing.</summary>
    /// <param name="run">The run to judge, finished or not.</param>
    /// <param name="thresholds">What to compare with; null for the calibrated defaults.</param>
    public Evidence(Run run, Thresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
        Thresholds = thresholds ?? new Thresholds();
        Learning = Learning.Of(run, Thresholds);
        Broken = NonFiniteEvent.In(run);
        Lengths = LearnedLengths.Of(run, Thresholds);
        Flow = GradientFlow.Of(run, Learning, Thresholds);
        ThroughTime = TimeFlow.Of(run, Learning, Thresholds);
        TimeTroubleCause = ThroughTime is { Trouble: not TimeTrouble.None } time ? TimeCause.Of(time, this) : null;
        ShortReach = ShortReach.Of(Structure, Plan.LongestDependency);
        bool isTrouble = Flow is not null && Flow.IsTrouble(Thresholds) && !IsTimeInDepth;
        TroubleCause = isTrouble ? GainCause.Of(Flow!, this) : null;
    }

    /// <summary>The records.</summary>
    public Run Run { get; }

    /// <summary>What to compare with.</summary>
    public Thresholds Thresholds { get; }

    /// <summary>How far the training has come.</summary>
    public Learning Learning { get; }

    /// <summary>
    /// True where the training fails: it broke off in NaN or infinity, or has not moved its loss below the baseline.
    /// </summary>
    public bool Fails => Broken is { IsFinal: true } || Learning.State == LearningState.Stuck;

    /// <summary>
    /// True where the whole planned training is over and has covered less than half of the way, by its loss from the
    /// baseline to 0 and by its accuracy from chance to 1; by that alone where it decides.
    /// </summary>
    public bool LearnsBadly => IsOver && HasLearnedLittle;

    /// <summary>True where less than half of the way, counted so, is covered so far.</summary>
    internal bool HasLearnedLittle => Learning is { State: not LearningState.TooShort, IsOverfit: false } learning
        && (learning.IsJudgedByMetric || learning.Progress < Thresholds.WellLearnedShare)
        && !(learning.Lift >= Thresholds.WellLearnedShare);

    /// <summary>
    /// True where the whole planned training is over, and sequences from some length on are no better than a guess
    /// while half of the way from a guess is covered on shorter ones.
    /// </summary>
    public bool MissesLongSequences => IsOver && !Learning.IsOverfit && Lengths is { AreShortLearnedWell: true };

    /// <summary>
    /// True where it learns and has covered less than half of the way, with planned steps left that nobody has seen.
    /// </summary>
    internal bool IsUnderWay => HasLearnedLittle && !IsOver && Plan.Steps > 0;

    private bool IsOver => Plan.Steps > 0 && Run.Steps.Count > 0 && Run.Steps[^1].Step + 1 >= Plan.Steps
        || Run.End?.Reason == "early-stop";

    /// <summary>
    /// True where shuffling the time steps before the last changes the output by no more than rounding, while another
    /// sequence's steps change it.
    /// </summary>
    internal bool IsOrderBlind => Run.Order?.Share <= Thresholds.OrderShare;

    /// <summary>
    /// True where the whole planned training is over, and it has learned as far as it comes: the loss no longer falls,
    /// its own or that of validation data, and more than a tenth of the way is left, by accuracy where that is known.
    /// </summary>
    internal bool StandsShort => IsOver && IsShort && (!Learning.Falls || Learning.HasSettled);

    /// <summary>
    /// True of a net that learns and has more than a tenth of the way left, by accuracy where that is known.
    /// </summary>
    internal bool IsShort => Learning.State is LearningState.Learned or LearningState.Slow
        && (Learning.Lift ?? Learning.Progress) < 1 - Thresholds.LearnedShare;

    /// <summary>True where the inputs' root mean square is known to be far from 1.</summary>
    public bool HasUnscaledInputs =>
        Plan.InputRms is { } rms && rms > 0 && (rms > Thresholds.LargestInputRms || rms < Thresholds.SmallestInputRms);

    /// <summary>True where the targets' standard deviation is known to be far from 1.</summary>
    public bool HasUnscaledTargets => Plan is { Loss: "mse", BaselineLoss: > 0 and { } variance }
        && (Math.Sqrt(variance) > Thresholds.LargestInputRms || Math.Sqrt(variance) < Thresholds.SmallestInputRms);

    /// <summary>
    /// True where the first layer's gradient is lost beyond what float32 can tell from nothing, from the start on, so
    /// that no more steps are needed to see it.
    /// </summary>
    public bool IsGradientLost => Vanishes && Flow!.IsFromStart(Thresholds)
        && Flow.IsLost(Thresholds) && UpdateSize.IsNothing(Flow, this);

    /// <summary>True where the steps are known to be large beside the weights.</summary>
    internal bool HasLargeSteps => UpdateSize.Of(this).Typical > Thresholds.LargestUpdate;

    /// <summary>
    /// True where the steps show to be too large by what became of the net: worse than a constant prediction, or
    /// without what it had learned. A gradient that vanished at the start is not what it suffers from then.
    /// </summary>
    internal bool IsThrownOff => Learning.State != LearningState.Learned && UnscaledData is null
        && !Explodes && !ExplodesThroughTime
        && (Learning.Collapse is not null || Learning.IsWorseThanConstant && HasLargeSteps);

    /// <summary>
    /// True where it has not learned and could not have: its steps are too small, whatever its gradient is like. What a
    /// gradient can lower the loss by is small, too, where it vanished on its way, so that says nothing of layers
    /// without gates, which it must come through as they are.
    /// </summary>
    internal bool IsUnmoved => Learning.State == LearningState.Stuck && UpdateSize.Of(this) is var updates
        && (updates.AreStill(this) || (ThroughTime?.Judged.GateDecades is not null && updates.IsReachShort(this)));

    /// <summary>
    /// True where it has not learned, and its penalty is what it obeys: weights of the size that they start with cost
    /// more than a guess loses with none, so that even a perfect fit does not pay, and training has given most of them
    /// up.
    /// </summary>
    internal bool IsHeldByPenalty => Learning.State == LearningState.Stuck
        && Run.Steps[0].Penalty >= Plan.BaselineLoss && UpdateSize.HaveShrunk(this);

    /// <summary>
    /// True where it has not learned, its gradient was sound at the start, and the weight decay is what it obeys: it
    /// pulled harder than the loss from the first step on, and training has given most of the weights up. A gradient
    /// that vanishes through gates says nothing, since these open as they learn.
    /// </summary>
    internal bool IsHeldByDecay => Learning.State == LearningState.Stuck && DecayPull.AtStart(this) >= 1
        && UpdateSize.HaveShrunk(this) && (TroubleCause is null || !Flow!.IsFromStart(Thresholds))
        && (TimeTroubleCause is null || !ThroughTime!.IsFromStart
            || ThroughTime is { Trouble: TimeTrouble.Vanishes, Judged.GateDecades: not null });

    /// <summary>What takes the weights away of a net that has not learned; null where nothing is known to.</summary>
    internal (string Name, string Remedy)? Shrinker => this switch
    {
        { IsHeldByPenalty: true } => ("the penalty on the weights", "drop-penalty"),
        { IsHeldByDecay: true } => ("the weight decay", "drop-decay"),
        _ => null,
    };

    /// <summary>
    /// True where a gradient that changes through time from the start explains the training's end. One that vanishes is
    /// not to blame for what no step was large enough to teach, or what a penalty forbids.
    /// </summary>
    internal bool IsExplainedByTime => TimeTroubleCause is not null && !(IsThrownOff && ThroughTime!.IsFromStart)
        && !(ThroughTime!.Trouble == TimeTrouble.Vanishes && (IsUnmoved || IsHeldByPenalty || IsHeldByDecay));

    /// <summary>
    /// True where a gradient that vanishes or explodes through the layers explains the training's end. One that
    /// vanished at the start does not make a net worse than a constant prediction, which its last layer's bias alone
    /// can give; one that vanishes as a penalty or weight decay takes the weights away is what that does.
    /// </summary>
    internal bool IsExplainedByLayers => TroubleCause is not null && !IsHeldByDecay
        && !(IsHeldByPenalty && TroubleCause == CauseIds.LossOrOutput)
        && !(IsThrownOff && Flow!.IsFromStart(Thresholds));

    /// <summary>
    /// True where what keeps the net from learning was there before the first step, so that what became of its units
    /// later, while it learned nothing, is no cause.
    /// </summary>
    internal bool IsExplainedFromStart =>
        IsHeldByPenalty || IsHeldByDecay || ShortReach is { IsNeedKnown: true }
        || IsExplainedByTime && ThroughTime!.IsFromStart;

    /// <summary>What of the data is known to be far from a scale of 1, in words; null if nothing is.</summary>
    internal string? UnscaledData =>
        HasUnscaledInputs ? $"The inputs have a root mean square of {InWords.Number(Plan.InputRms!.Value)}"
        : HasUnscaledTargets ? $"The targets have a variance of {InWords.Number(Plan.BaselineLoss!.Value)}"
        : null;

    internal TrainingPlan Plan => Run.Header.Plan;

    internal RunStructure Structure => Run.Header.Structure;

    /// <summary>The first NaN or infinity; null where all was finite.</summary>
    internal NonFiniteEvent? Broken { get; }

    /// <summary>Which lengths of sequences were learned; null where all were alike, or not judged apart.</summary>
    internal LearnedLengths? Lengths { get; }

    /// <summary>The gradient's way back; null where no frame shows it before the net had converged.</summary>
    internal GradientFlow? Flow { get; }

    /// <summary>Why the gradient vanishes or explodes; null where it does neither.</summary>
    internal string? TroubleCause { get; }

    /// <summary>The gradient's way back through time; null where no frame shows it in time.</summary>
    internal TimeFlow? ThroughTime { get; }

    /// <summary>Why the gradient vanishes, explodes or is cut through time; null where it does none of these.</summary>
    internal string? TimeTroubleCause { get; }

    /// <summary>
    /// Windows of attention that end before what is needed; null where they don't, or aren't all there is.
    /// </summary>
    internal ShortReach? ShortReach { get; }

    internal bool VanishesThroughTime => ThroughTime is { Trouble: TimeTrouble.Vanishes or TimeTrouble.Cut };

    internal bool ExplodesThroughTime => ThroughTime is { Trouble: TimeTrouble.Explodes };

    internal bool Vanishes => TroubleCause is not null && Flow!.LogRatio < 0;

    internal bool Explodes => TroubleCause is not null && Flow!.LogRatio > 0;

    /// <summary>
    /// True where recurrent layers make the gradient change between layers, in the direction in which it changes
    /// through their time steps: then it is told as what happens there.
    /// </summary>
    private bool IsTimeInDepth => Flow!.Attribution.Share(LinkKind.Recurrence) >= 0.5
        && (Flow.LogRatio > 0 ? ExplodesThroughTime : VanishesThroughTime);

    /// <summary>The frame taken at step 0; null where recording began later.</summary>
    internal Frame? StartFrame => Run.Frames.FirstOrDefault() is { Step: 0 } frame ? frame : null;
}
