namespace GradFlow.Runs;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong by it alone.</summary>
    Info,

    /// <summary>Slows or endangers the training.</summary>
    Warning,

    /// <summary>The training fails by it.</summary>
    Critical,
}

/// <summary>What a rule found, as data; drawing and wording for the page happen elsewhere.</summary>
/// <param name="Rule">The rule's id, such as <c>vanishing-gradient</c> (<see cref="RuleIds"/>).</param>
/// <param name="Cause">The cause's id, such as <c>activation</c> (<see cref="CauseIds"/>).</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Where">The layers concerned; null where it concerns the whole net.</param>
/// <param name="SinceStep">The first step at which it held.</param>
/// <param name="Evidence">Numbers by camel-case name, such as <c>decadesPerLayer</c>.</param>
/// <param name="Explanation">One to three sentences in plain words, with the numbers in them.</param>
/// <param name="Remedies">Remedy ids, most promising first.</param>
/// <param name="Confirmation">What changing the cause alone did; null before Repair has tried.</param>
public sealed record Finding(
    string Rule,
    string Cause,
    Severity Severity,
    LayerSpan? Where,
    int SinceStep,
    IReadOnlyDictionary<string, double> Evidence,
    string Explanation,
    IReadOnlyList<string> Remedies,
    Confirmation? Confirmation = null);

/// <summary>A stretch of the net, by stable layer names, both included.</summary>
/// <param name="First">The layer nearest the input.</param>
/// <param name="Last">The layer nearest the loss.</param>
public sealed record LayerSpan(string First, string Last);

/// <summary>What an intervention on the cause alone did to the symptom.</summary>
/// <param name="Status"><c>confirmed</c>, <c>refuted</c> or <c>unconfirmed</c> (nothing could be changed).</param>
/// <param name="Intervention">What was changed, in words; null if nothing.</param>
/// <param name="Quantity">
/// The name of the symptom's number, such as <c>decadesPerLayer</c>; null if nothing was measured.
/// </param>
/// <param name="Before">The symptom's number as the training was given.</param>
/// <param name="After">The same with the cause changed.</param>
public sealed record Confirmation(
    string Status,
    string? Intervention = null,
    string? Quantity = null,
    double? Before = null,
    double? After = null)
{
    /// <summary>The status of a finding that only an intervention could confirm, where none was possible.</summary>
    public static Confirmation Unconfirmed { get; } = new("unconfirmed");
}

/// <summary>The judgement on the training as it was given.</summary>
public enum VerdictKind
{
    /// <summary>Nothing keeps it from learning.</summary>
    Healthy,

    /// <summary>Something keeps it from learning, or ends it.</summary>
    Sick,

    /// <summary>Too little was recorded to say.</summary>
    Inconclusive,
}

/// <summary>The judgement, in a sentence or two.</summary>
/// <param name="Kind">Which it is.</param>
/// <param name="Sentence">The verdict with its numbers, for the top of the page and of the terminal.</param>
/// <param name="NextToRecord">What to record to decide it, where it is inconclusive; else empty.</param>
public sealed record Verdict(VerdictKind Kind, string Sentence, IReadOnlyList<string> NextToRecord);

/// <summary>A verdict with the findings that it rests on, gravest first.</summary>
/// <param name="Verdict">The judgement.</param>
/// <param name="Findings">
/// What the rules found, gravest first; the first is the one that the sentence speaks of.
/// </param>
/// <param name="Attribution">
/// Where the decay or growth comes from, part by part, in the order of the net; behind these, of each recurrent layer,
/// the same through time (<see cref="AttributionEntry.IsThroughTime"/>). The two are sums of their own.
/// </param>
public sealed record DiagnosisResult(
    Verdict Verdict,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<AttributionEntry> Attribution);

/// <summary>A part's share of the gradient's total gain; the shares sum to it exactly.</summary>
/// <remarks>
/// Of a recurrent layer's way back through time, the parts are <c>NAME recurrent weights</c>
/// (<see cref="LinkKind.Weights"/>), <c>NAME tanh slopes</c> (<see cref="LinkKind.Activation"/>; ReLU and so on) and
/// <c>NAME gates</c> (<see cref="LinkKind.Recurrence"/>; leaks, eigenvalues), with the layer's name as
/// <paramref name="Block"/>. They sum to the layer's gain from lag 0 to the farthest lag that was measured, which is a
/// way of its own and no part of the sum over the net's depth.
/// </remarks>
/// <param name="Link">The part's stable layer name.</param>
/// <param name="Kind">What the part is.</param>
/// <param name="Decades">log10(‖∂L/∂in‖/‖∂L/∂out‖), averaged over the frames judged; negative where it shrinks.</param>
/// <param name="Block">The name of the block that the part belongs to, where it is not a link of its own.</param>
public sealed record AttributionEntry(string Link, LinkKind Kind, double Decades, string? Block = null)
{
    /// <summary>
    /// Whether this is a share of a recurrent layer's way back through time, not of the way through the net.
    /// </summary>
    /// <param name="structure">The tables of the run that it belongs to.</param>
    public bool IsThroughTime(RunStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Block is not null && structure.Recurrences?.Any(layer => layer.Name == Block) == true;
    }
}
