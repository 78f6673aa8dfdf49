using GradFlow.Diagnosis.Gains;
using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>A loss or gradient is NaN or infinite; names the layer and the operation that produced it first.</summary>
public sealed class NonFinite : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.NonFinite;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Broken is not { } broken) yield break;

        string cause = CauseOf(broken, evidence);
        Dictionary<string, double> numbers = new()
        {
            ["step"] = broken.Step,
            ["finiteSteps"] = broken.FiniteSteps,
        };
        if (evidence.Flow is { } flow) numbers["decadesPerLayer"] = flow.DecadesPerLayer;
        if (evidence.Plan.InputRms is { } rms) numbers["inputRms"] = rms;
        yield return new Finding(
            Id, cause, broken.IsFinal ? Severity.Critical : Severity.Warning,
            broken.Origin is { } origin ? new LayerSpan(origin.Layer, origin.Layer) : null, broken.Step, numbers,
            $"{What(broken)} {Why(cause, evidence)}",
            evidence.ExplodesThroughTime && cause == evidence.TimeTroubleCause
                ? Prescription.ThroughTime(evidence)
                : Prescription.For(Id, cause, evidence.Flow?.Attribution.Activation));
    }

    private static string CauseOf(NonFiniteEvent broken, Evidence evidence)
    {
        if (broken.Origin?.Phase == "data") return CauseIds.DataScale;
        if (evidence.ExplodesThroughTime) return evidence.TimeTroubleCause!;
        if (evidence.Explodes) return evidence.TroubleCause!;
        if (evidence.UnscaledData is not null) return CauseIds.DataScale;
        if (SignalGrowth.Of(evidence) >= evidence.Thresholds.ForwardDecades) return CauseIds.WeightScale;
        if (broken.FiniteSteps > 0) return CauseIds.LearningRate;
        if (IsInStates(broken, evidence)) return CauseIds.Recurrence;
        // Before the first update it is either the net that overflows by its weights, or the loss on its output.
        bool isInNet = evidence.Structure.Signals.Any(signal => signal.Name == broken.Origin?.Layer);
        return isInNet && broken.Origin!.Phase == "forward" ? CauseIds.WeightScale : CauseIds.LossOrOutput;
    }

    /// <summary>True where the states of a recurrent layer overflow on their way through the time steps.</summary>
    private static bool IsInStates(NonFiniteEvent broken, Evidence evidence) =>
        broken.Origin is { Phase: "forward" } origin
        && evidence.Structure.Recurrences?.Any(layer => layer.Name == origin.Layer) == true;

    private static string What(NonFiniteEvent broken)
    {
        string after = broken.FiniteSteps == 1 ? "1 finite step" : $"{broken.FiniteSteps} finite steps";
        string end = broken.IsFinal
            ? $"The training ends at step {broken.Step}, after {after}"
            : $"Step {broken.Step} is not finite";
        if (broken.Origin is not { } origin) return $"{end}: a loss or gradient is NaN or infinite.";
        string kind = origin.Kind == "nan" ? "NaN" : "an infinity";
        return $"{end}: {origin.Operation} in {origin.Layer} is the first to give {kind} ({origin.Phase}).";
    }

    private static string Why(string cause, Evidence evidence) => cause switch
    {
        _ when evidence.ExplodesThroughTime && cause == evidence.TimeTroubleCause =>
            ThroughTime(new TimeWording(evidence.ThroughTime!, cause, evidence)),
        CauseIds.Recurrence when !evidence.Explodes => "No update had been made: the states grow from time step to "
            + "time step, since the recurrent weights are too large.",
        _ when evidence.Explodes && cause == evidence.TroubleCause =>
            $"The gradient explodes before it: {new GainWording(evidence.Flow!, cause, evidence).Cause}.",
        CauseIds.DataScale when evidence.UnscaledData is { } data => $"{data}, where inits assume about 1.",
        CauseIds.DataScale => "The data themselves hold it.",
        CauseIds.WeightScale when SignalGrowth.Of(evidence) is { } growth => $"The signal grows by "
            + $"{InWords.Decades(growth)} decades from the first layer to the last at the start: "
            + "the weights are too large.",
        CauseIds.WeightScale => "No update had been made: the weights are too large from the start.",
        CauseIds.LossOrOutput => "No update had been made, so the loss does not suit what the net gives at its start.",
        _ => "The gradient was sound at the start, which points to steps that are too large: "
            + $"the learning rate is {Rate(evidence)}.",
    };

    private static string ThroughTime(TimeWording told) =>
        $"{char.ToUpperInvariant(told.Disease[0])}{told.Disease[1..]} before it, by {told.Cause}.";

    private static string Rate(Evidence evidence) =>
        evidence.Plan.LearningRate is { } rate ? InWords.Number(rate) : "too high";
}
