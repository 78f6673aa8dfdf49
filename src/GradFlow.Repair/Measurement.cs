using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>What a training that was run to show a symptom came to.</summary>
/// <param name="Value">The symptom's number.</param>
/// <param name="Score">What trials would be compared by.</param>
/// <param name="Limit">The score that another training must stay below to be better.</param>
/// <param name="Learns">True where it knows more than a constant prediction or chance does.</param>
/// <param name="IsFinite">False where it ended in NaN or infinity.</param>
internal sealed record Measurement(double Value, double Score, double Limit, bool Learns, bool IsFinite)
{
    /// <summary>Reads a training; null where it does not show the symptom's number.</summary>
    public static Measurement? Of(Symptom symptom, Run run)
    {
        if (symptom.ReadFrom(run) is not { } value) return null;
        Evaluation end = run.Evaluations[^1];
        bool isFinite = run.End?.Reason != "non-finite";
        var trials = TrialScore.For(run.Header.Plan, end.Samples);
        double score = trials.Of(isFinite ? end.Loss : double.NaN, end.Metric);
        return new Measurement(
            value, score, trials.Limit(score), trials.IsLearning(score, run.Header.Plan.BaselineLoss), isFinite);
    }

    /// <summary>What changing a cause alone did to the symptom, compared with the training as given.</summary>
    /// <param name="symptom">The symptom that both measured.</param>
    /// <param name="intervention">What was changed, in words.</param>
    /// <param name="given">The training as given.</param>
    public Confirmation Against(Symptom symptom, string intervention, Measurement given)
    {
        bool isGone = symptom switch
        {
            { IsLearning: true } => Learns && Score < given.Limit,
            { Quantity: Symptom.FiniteSteps } => IsFinite,
            _ => symptom.IsGone(given.Value, Value),
        };
        // A longer way to the same end is neither a proof nor the opposite of one.
        bool isPartly = symptom.Quantity == Symptom.FiniteSteps && Value > given.Value;
        string result = isGone || !symptom.IsLearning && symptom.Quantity != Symptom.FiniteSteps ? ""
            : !IsFinite ? ", which ends in NaN too"
            : ", which doesn't teach it either";
        return new Confirmation(
            isGone ? "confirmed" : isPartly ? "unconfirmed" : "refuted",
            intervention + result, symptom.Quantity, given.Value, Value);
    }
}
