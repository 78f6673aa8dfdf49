using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>Makes the finding of a gradient that vanishes or explodes through time.</summary>
internal static class TimeFinding
{
    public static Finding Of(string rule, Evidence evidence)
    {
        TimeFlow flow = evidence.ThroughTime!;
        string cause = evidence.TimeTroubleCause!, layer = flow.Judged.Layer.Name;
        var wording = new TimeWording(flow, cause, evidence);
        return new Finding(
            rule, cause, SeverityOf(flow, evidence), new LayerSpan(layer, layer), flow.SinceStep,
            Numbers(flow, evidence),
            $"{wording.Measure("The gradient of the last output")} {wording.CauseSentence}{wording.Consequence}",
            Prescription.ThroughTime(evidence));
    }

    private static Severity SeverityOf(TimeFlow flow, Evidence evidence) =>
        flow.Trouble == TimeTrouble.Explodes ? OfGrowth(flow, evidence) : OfDecay(flow, evidence);

    private static Severity OfGrowth(TimeFlow flow, Evidence evidence)
    {
        // Where training brought it about and broke off, it is a stage on the way there, not what was wrong.
        if (evidence.Broken is { IsFinal: true } && !flow.IsFromStart) return Severity.Warning;
        bool isGrave = flow.Decades >= evidence.Thresholds.GraveDecades;
        if (evidence.Fails || evidence.LearnsBadly && flow.IsFromStart) return Severity.Critical;
        if (isGrave && evidence.Learning.State == LearningState.Slow) return Severity.Critical;
        return isGrave || evidence.Learning.State != LearningState.Learned ? Severity.Warning : Severity.Info;
    }

    /// <summary>
    /// A net that has learned what the task needs remembers it, whatever the slope; one that has learned it of short
    /// sequences alone does not.
    /// </summary>
    private static Severity OfDecay(TimeFlow flow, Evidence evidence)
    {
        if (!evidence.IsExplainedByTime) return Severity.Warning;
        bool isGrave = flow.Decades <= -evidence.Thresholds.GraveDecades;
        bool isLittle = (evidence.LearnsBadly || evidence.MissesLongSequences) && flow.IsFromStart;
        if (!flow.IsNeedKnown)
            return evidence.Learning.State == LearningState.Stuck && isGrave ? Severity.Critical
                : evidence.Learning.State != LearningState.Learned || isLittle ? Severity.Warning
                : Severity.Info;
        if (evidence.Learning.State == LearningState.Stuck || isLittle) return Severity.Critical;
        if (isGrave && evidence.Learning.State == LearningState.Slow) return Severity.Critical;
        return evidence is { Learning.State: LearningState.Learned, Lengths: null } ? Severity.Info : Severity.Warning;
    }

    /// <summary>The numbers that a flow is judged by; what was not measured is left out.</summary>
    public static Dictionary<string, double> Numbers(TimeFlow flow, Evidence evidence)
    {
        LayerMemory memory = flow.Judged;
        Dictionary<string, double> numbers = [];
        if (memory.HasSlope) numbers["decadesPerStep"] = memory.DecadesPerStep;
        // Where nobody knows what the task needs, the farthest lag stands for it.
        numbers[flow.IsNeedKnown ? "neededLag" : "farthestLag"] = flow.NeededLag;
        numbers[flow.IsNeedKnown ? "decadesAtNeededLag" : "decadesAtFarthestLag"] = memory.At(flow.NeededLag);
        var shares = new TimeShares(memory);
        void Add(string name, double? value)
        {
            if (value is { } known) numbers[name] = known;
        }
        Add("memoryHorizon", memory.Horizon);
        Add("cutLag", memory.CutLag);
        if (flow.IsHidden) Add("stateDecadesPerStep", memory.StateDecadesPerStep);
        Add("weightDecadesPerStep", memory.WeightDecades);
        Add("activationDecadesPerStep", memory.ActivationDecades);
        Add("gateDecadesPerStep", memory.GateDecades);
        Add("weightShare", shares.Of(shares.Weights));
        Add("activationShare", shares.Of(shares.Slopes));
        Add("gateShare", shares.Of(shares.Gates));
        Add("stateRms", memory.StateRms);
        Add("slopeRms", memory.SlopeRms);
        foreach ((string name, double? value) in memory.Step.Numbers) Add(name, value);
        if (flow.Trouble != TimeTrouble.Explodes)
            foreach ((string name, double value) in Forgotten.Numbers(evidence)) numbers[name] = value;
        Add("clipCoefficient", ClipPressure.Typical(evidence.Run));
        return numbers;
    }
}
