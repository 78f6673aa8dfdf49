using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>An activation with a bounded range that stands before a loss that takes logits.</summary>
/// <remarks>
/// A logit must be free to go either way without end, since the loss turns it into a probability itself. Read off the
/// net's structure alone, and so as certain as the structure is.
/// </remarks>
public sealed class OutputMismatch : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.OutputMismatch;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Structure.Links.LastOrDefault() is not { Kind: LinkKind.Activation } last) yield break;
        if (evidence.Plan.Loss is not ("cross-entropy" or "binary-cross-entropy")) yield break;
        if (RangeOf(last.Type) is not var (low, high)) yield break;

        yield return new Finding(
            Id, CauseIds.LossOrOutput, SeverityOf(evidence, high), new LayerSpan(last.Name, last.Name), 0,
            new Dictionary<string, double> { ["lowestLogit"] = low, ["highestLogit"] = high },
            Explain(InWords.Activation(last.Type), evidence.Plan.Loss, low, high),
            Prescription.For(Id, CauseIds.LossOrOutput));
    }

    /// <summary>The values that an activation can take; null where they have no bound.</summary>
    private static (double Low, double High)? RangeOf(string type) => type switch
    {
        "sigmoid" or "softmax" => (0, 1),
        "tanh" or "softsign" or "hard-tanh" => (-1, 1),
        "relu6" => (0, 6),
        "relu" => (0, double.PositiveInfinity),
        _ => null,
    };

    /// <summary>Where one side is free and the net learns, the other logits make up for the bound.</summary>
    private static Severity SeverityOf(Evidence evidence, double high)
    {
        if (evidence.Learning.State == LearningState.Stuck || evidence.LearnsBadly) return Severity.Critical;
        return double.IsFinite(high) ? Severity.Warning : Severity.Info;
    }

    private static string Explain(string activation, string loss, double low, double high)
    {
        string range = double.IsFinite(high)
            ? $"from {InWords.Number(low)} to {InWords.Number(high)} only"
            : $"of {InWords.Number(low)} and above only";
        string surest = (loss, double.IsFinite(high)) switch
        {
            ("binary-cross-entropy", true) => "so that no answer is ever surer than "
                + $"{InWords.Percent(Probability(high))} of yes or {InWords.Percent(1 - Probability(low))} of no",
            ("binary-cross-entropy", false) => "so that the net can never say no",
            (_, true) => $"so that no class is ever more than {InWords.Number(Math.Exp(high - low))} times as likely "
                + "as another",
            _ => "and gives no gradient below that",
        };
        return $"A {activation} stands before a loss that takes logits ({loss}, which makes probabilities of them "
            + $"itself): it gives values {range}, {surest}.";
    }

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
