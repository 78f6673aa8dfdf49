using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>What is left of a verdict once its cause has been changed alone.</summary>
internal static class ConfirmedVerdict
{
    /// <summary>
    /// The sentence says whether the cause that it names has been confirmed: by a training that learns, or a gradient
    /// that is restored where a remedy then teaches the net; that gradients change alone shows nothing of learning. A
    /// training whose only finding is that it has not learned, for a reason that is not confirmed and that no remedy
    /// takes away, is not said to be sick of it; one that had learned and lost it again, or whose gradient vanished
    /// through time as well, is.
    /// </summary>
    /// <param name="verdict">By the records alone.</param>
    /// <param name="findings">With what interventions on their causes did, gravest first.</param>
    /// <param name="isRepaired">True where a remedy repairs the training.</param>
    /// <param name="steps">How many steps were judged.</param>
    /// <param name="promising">
    /// What did best in short trials, and why it isn't kept; null where nothing worked even there.
    /// </param>
    public static Verdict Of(
        Verdict verdict, IReadOnlyList<Finding> findings, bool isRepaired, int steps, string? promising)
    {
        if (findings is not [{ Confirmation: { Intervention: { } made } confirmation } first, ..]) return verdict;
        string sentence = verdict.Sentence.TrimEnd('.');
        if (confirmation.Status == "confirmed" && !isRepaired && IsOfGradient(confirmation))
            return verdict with
            {
                Sentence = $"{sentence}; changing that alone restores the gradient, but no remedy that was tried "
                    + "teaches it.",
            };
        if (confirmation.Status == "confirmed")
            return verdict with { Sentence = $"{sentence}; confirmed by changing that alone." };
        sentence = $"{sentence}; not confirmed by changing that alone ({made}).";
        bool isGuess = first is { Rule: RuleIds.NoLearning }
            && (first.Cause == CauseIds.LearningRate
                || (first.Cause == CauseIds.Attention && first.Evidence.ContainsKey("orderShare"))
                || first.Evidence.ContainsKey("decayPull") || first.Cause == CauseIds.Clipping)
            && !first.Evidence.ContainsKey("bestStep") && findings.All(f => f.Rule != RuleIds.VanishingThroughTime);
        return isRepaired || !isGuess
            ? verdict with { Sentence = sentence }
            : new Verdict(
                VerdictKind.Inconclusive,
                sentence.Replace("Sick:", "Inconclusive:", StringComparison.Ordinal)
                    + (promising is null ? " No remedy that was tried teaches it, so what" : $" {promising}; what")
                    + " keeps it from learning is open.",
                [$"more than {steps} training steps, on more data if there is more"]);
    }

    private static bool IsOfGradient(Confirmation confirmation) =>
        confirmation.Quantity is "decadesPerStep" or "decadesAtNeededLag" or "stateDecadesPerStep";
}
