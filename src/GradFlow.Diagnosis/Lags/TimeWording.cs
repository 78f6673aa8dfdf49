using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>Says in plain words how a gradient vanishes or explodes through time, and why.</summary>
internal sealed class TimeWording(TimeFlow flow, string cause, Evidence evidence)
{
    private readonly LayerMemory _memory = flow.Judged;
    private readonly TimeShares _shares = new(flow.Judged);
    private readonly bool _explodes = flow.Trouble == TimeTrouble.Explodes;

    /// <summary>The disease, as the verdict names it.</summary>
    public string Disease => flow.Trouble switch
    {
        TimeTrouble.Explodes when flow.IsHidden => "the states explode through time",
        TimeTrouble.Explodes => "the gradient explodes through time",
        TimeTrouble.Cut => "the gradient is cut before it reaches what decides",
        _ => "the gradient vanishes through time",
    };

    /// <summary>
    /// What was measured, of a <paramref name="subject"/> such as <c>The gradient of the last output</c>.
    /// </summary>
    public string Measure(string subject)
    {
        string since = (flow.IsBurst, flow.VanishesFrom) switch
        {
            (true, _) => $"at step {flow.SinceStep}, where the loss leaps to {InWords.Number(LossAt(flow.SinceStep))}",
            (_, { } step) => $"at step {flow.SinceStep}; "
                + $"steps along it drive the states to where it vanishes, from step {step} on",
            _ => Since,
        };
        string slope = $"{InWords.PerStep(_memory.DecadesPerStep)} decades per time step";
        if (flow.IsHidden)
            return $"The states grow by {InWords.Decades(_memory.StateDecadesPerStep!.Value)} decades per time step on "
                + $"the way forward, {InWords.Factor(_memory.StateGrowth)} times over a sequence, {since}; truncated "
                + $"back-propagation hides it from the gradient, which it ends after {Cut}.";
        if (_explodes)
            return $"{subject} grows by {slope}: {_memory.LastLag} steps back it is "
                + $"{InWords.Factor(_memory.Total)} times what it is at the output, {since}.";
        if (flow.Trouble == TimeTrouble.Cut)
            return $"{subject} is cut by truncated back-propagation after {Cut}, where this task "
                + $"needs {flow.NeededLag}: what lies further back is never learned from, however long the memory is.";
        if (double.IsNegativeInfinity(_memory.DecadesPerStep))
            return $"{subject} is all but gone after {_memory.Horizon} {Needed}, and exactly zero further back, "
                + $"{since}.";
        return $"{subject} falls by {slope}: after {_memory.Horizon} {Needed}, less than 1 % is left, {since}.";
    }

    /// <summary>
    /// Where the gradient reaches far enough at most steps after all, it doesn't vanish from then on.
    /// </summary>
    private string Since => flow.Trouble == TimeTrouble.Vanishes && flow.Afterwards() is { Sound: > 0 } later
        ? 2 * later.Sound < later.Frames
            ? $"from step {flow.SinceStep} on, except at {later.Sound} of the {later.Frames} steps "
                + "that were watched later"
        : (flow.Frames.Count > 1 ? $"on average of steps {flow.Frames[0].Step} to {flow.Frames[^1].Step}"
            : $"at step {flow.SinceStep}")
            + $", but not at {later.Sound} of the {later.Frames} steps that were watched later"
        : $"from step {flow.SinceStep} on";

    /// <summary>The cause with its numbers, without a verb: <c>the tanh's slope (88 % of the decay)</c>.</summary>
    public string Cause => cause switch
    {
        _ when flow.Trouble == TimeTrouble.Cut => $"the window of {Cut}",
        CauseIds.Activation => $"the {Activation}'s slope{Gain(_memory.ActivationDecades)}{OfWhole(_shares.Slopes)}",
        CauseIds.DataScale => "the unscaled data, which drive the states where the training should not take them",
        CauseIds.LearningRate => evidence.HasLargeSteps
            ? "steps so large that the training brought it about"
            : "the training itself, most likely by steps that are too large",
        _ when AreGatesToBlame => Gates,
        _ when _shares.Weights is null => "the recurrent layer; how its parts share in it was not recorded",
        _ => Weights,
    };

    /// <summary>The cause as a sentence of its own, and what a time step does to the state that shows it.</summary>
    public string CauseSentence => cause == CauseIds.LearningRate
        ? $"At the start it was sound; the cause is {Cause}.{new StepWording(flow, cause, AreGatesToBlame).Gain}"
        : $"The cause is {Cause}.{new StepWording(flow, cause, AreGatesToBlame).Why}";

    /// <summary>What it does to the training; begins with a space, empty where nothing is to be said.</summary>
    public string Consequence
    {
        get
        {
            Learning learning = evidence.Learning;
            if (learning.State == LearningState.TooShort) return "";
            return ByState(learning) + (_explodes ? "" : Forgotten.ByLength(evidence));
        }
    }

    private string ByState(Learning learning)
    {
        string unknown = flow.IsNeedKnown || _explodes
            ? ""
            : " How far back the task needs it is not known (plan.longestDependency).";
        if (learning.State != LearningState.Stuck && !evidence.LearnsBadly) return unknown;
        if (!evidence.IsExplainedByTime) return unknown;
        string clip = !_explodes ? "" : ClipPressure.IsHard(evidence) ? Clip : Undone;
        return clip + Forgotten.ByMetric(evidence, flow.NeededLag) + unknown;
    }

    private bool AreGatesToBlame => _shares.AreGatesFirst(!_explodes);

    private string Cut => _memory.CutLag == 1 ? "1 time step" : $"{_memory.CutLag} time steps";

    private string Needed => flow.IsNeedKnown
        ? $"of the {flow.NeededLag} steps that this task needs"
        : $"of the {flow.NeededLag} steps that were recorded";

    private string Activation => InWords.Activation(_memory.Layer.Activation);

    private string Gates => _memory.GateDecades is { } gates && double.IsFinite(gates)
        ? $"{_memory.Layer.CarrierName()} that let through {InWords.Percent(Math.Pow(10, gates))} of the state per "
            + "time step"
            + OfWhole(_shares.Gates)
        : $"{_memory.Layer.CarrierName()} that let nothing through";

    private string Weights
    {
        get
        {
            string size = _explodes ? "too large" : _shares.Weights < 0 ? "too small" : "not what the slopes need";
            string have = Gain(_memory.WeightDecades);
            string need = have.Length > 0 && _shares.Critical is { IsUsable: true } critical
                ? $" where {Activation} needs {InWords.Number(critical.SigmaW)}"
                : "";
            return $"recurrent weights that are {size}{have}{need}{OfWhole(_shares.Weights)}";
        }
    }

    private static string Gain(double? perStep) => perStep is { } decades && double.IsFinite(decades)
        ? $", with a gain of {InWords.Number(Math.Pow(10, decades))} per time step"
        : "";

    /// <summary>What clipping does for an exploding gradient, and what it cannot do.</summary>
    private string Clip => " With clipping, a typical step keeps "
        + $"{InWords.Number(100 * ClipPressure.Typical(evidence.Run)!.Value)} % of its gradient. But it does not "
        + "teach, since it shortens all of the gradient alike, and the share of what lies far back stays overwhelming.";

    /// <summary>Why clipping did not keep an update small; empty where it may have.</summary>
    private string Undone => ClipPressure.IsVain(flow, cause, evidence)
        ? $" Clipping does not hold it off: {evidence.Plan.Optimizer} divides by the gradient's size, so that its "
            + "steps are as long with a shorter one."
        : "";

    private double LossAt(int step) => evidence.Run.Steps.First(record => record.Step == step).Loss;

    /// <summary>A share that reads well: none where it says little, all where parts work against each other.</summary>
    private string OfWhole(double? excess) => _shares.Of(excess) is > 0.05 and var share
        ? $" ({InWords.Percent(Math.Min(1, share))} of the {(_explodes ? "growth" : "decay")})"
        : "";
}
