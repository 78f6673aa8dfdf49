using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>
/// The net sees which time steps came but not in which order, as attention without positions does (Vaswani et al. 2017,
/// section 3.5): its output is that of a set.
/// </summary>
/// <remarks>
/// Measured on the net as trained. Whether the order means anything to the task no record of this training can say, so
/// a net that stands short of the end leaves the question open, which one that sees the order answers.
/// </remarks>
public sealed class OrderBlindness : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.OrderBlindness;

    /// <summary>The remedy that lets attention tell time steps apart.</summary>
    internal static IReadOnlyList<string> Remedies { get; } = ["positions"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.IsOrderBlind) yield break;
        bool fails = evidence.StandsShort || evidence.Learning.State == LearningState.Stuck;
        Dictionary<string, double> numbers = new() { ["orderShare"] = evidence.Run.Order!.Share!.Value };
        if (evidence.Learning.Progress is { } progress) numbers["progress"] = progress;
        if (evidence.Learning.Lift is { } lift) numbers["lift"] = lift;
        yield return new Finding(
            Id, CauseIds.Attention, fails ? Severity.Warning : Severity.Info, SpanOf(evidence.Structure), 0, numbers,
            $"{What(evidence)} {Consequence(evidence)}", Remedies);
    }

    /// <summary>What was measured.</summary>
    internal static string What(Evidence evidence) =>
        "The output does not depend on the order of the time steps. Shuffling those before the last changes "
        + (evidence.Run.Order!.Share is > 0 and var share
            ? $"it by {InWords.Number(share)} of what another sequence's steps there do, which is rounding."
            : "nothing.");

    /// <summary>How far a net comes that learns without the order, and no further.</summary>
    internal static string Standing(Evidence evidence) => evidence.Learning is { Lift: not null, Metric: { } accuracy }
        ? $"{evidence.Plan.MetricName} {InWords.Score(accuracy)}"
        : $"a loss of {InWords.Number(evidence.Learning.EndLoss!.Value)}";

    private static string Consequence(Evidence evidence) => evidence switch
    {
        { StandsShort: true } =>
            $"It stands at {Standing(evidence)}, and whatever else the order tells it can't learn.",
        { Learning.State: LearningState.Stuck } => "Whatever the order tells it can't learn.",
        _ => "Where the order tells nothing, nothing is lost by it.",
    };

    private static LayerSpan? SpanOf(RunStructure structure) => structure.Attentions is [var first, ..] layers
        ? new LayerSpan(first.Name, layers[^1].Name)
        : null;
}
