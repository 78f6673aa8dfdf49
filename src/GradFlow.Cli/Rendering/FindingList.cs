using System.Text;
using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What the rules found, gravest first.</summary>
internal static class FindingList
{
    /// <summary>
    /// A few lines each; the first one's explanation is left to the verdict, and what one intervention said of several
    /// stands once.
    /// </summary>
    public static IRenderable Short(IReadOnlyList<Finding> findings) => Of(findings, (finding, i) =>
    [
        i == 0 ? null : finding.Explanation,
        i > 0 && findings[i - 1].Confirmation == finding.Confirmation ? null : Confirmed(finding.Confirmation),
    ]);

    /// <summary>All that is known of each.</summary>
    public static IRenderable Full(IReadOnlyList<Finding> findings) => Of(findings, (finding, _) =>
    [
        finding.Explanation,
        finding.Evidence.Count == 0 ? null : "Evidence: " + string.Join(", ", finding.Evidence.Select(InWords)) + ".",
        finding.Remedies.Count == 0 ? null : "To try: " + string.Join(", ", finding.Remedies) + ".",
        Confirmed(finding.Confirmation),
    ]);

    private static Grid Of(IReadOnlyList<Finding> findings, Func<Finding, int, string?[]> lines)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        for (int i = 0; i < findings.Count; i++)
        {
            Finding finding = findings[i];
            var text = new Paragraph(finding.Rule, Palette.Strong);
            text.Append($"  {Where(finding.Where)}, since step {Numbers.Count(finding.SinceStep)}", Palette.Quiet);
            foreach (string line in lines(finding, i).OfType<string>()) text.Append("\n" + Unbroken.Of(line));
            grid.AddRow(
                new Text(finding.Severity.ToString().ToLowerInvariant(), Palette.Of(finding.Severity)), text);
        }
        return grid;
    }

    private static string Where(LayerSpan? where) => where switch
    {
        null => "the whole net",
        _ when where.First == where.Last => where.First,
        _ => $"{where.First} to {where.Last}",
    };

    private static string InWords(KeyValuePair<string, double> evidence) =>
        $"{InWords(evidence.Key)} {Numbers.Plain(evidence.Value)}";

    private static string InWords(string camelCase)
    {
        var words = new StringBuilder();
        foreach (char c in camelCase)
        {
            if (char.IsUpper(c)) words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }
        return words.ToString();
    }

    private static string? Confirmed(Confirmation? confirmation) => confirmation switch
    {
        // What is not finite before and after has been seen to change by nobody.
        { Status: "confirmed" or "refuted", Quantity: { } unmoved, Before: { } stuck } when IsStuck(confirmation) =>
            $"Not confirmed: {confirmation.Intervention}; {InWords(unmoved)} stayed {Numbers.Plain(stuck)}.",
        { Status: "confirmed" or "refuted", Quantity: { } quantity } =>
            $"{Capital(confirmation.Status)}: {confirmation.Intervention}; {InWords(quantity)} went from "
            + $"{Numbers.Plain(confirmation.Before)} to {Numbers.Plain(confirmation.After)}.",
        { Status: "unconfirmed", Intervention: { } made, Quantity: { } partly } =>
            $"Not confirmed by that alone: {made}; {InWords(partly)} went from {Numbers.Plain(confirmation.Before)} to "
            + $"{Numbers.Plain(confirmation.After)}.",
        { Status: "confirmed" or "refuted" } => $"{Capital(confirmation.Status)}: {confirmation.Intervention}.",
        _ => null,
    };

    private static bool IsStuck(Confirmation confirmation) =>
        confirmation is { Before: { } before, After: { } after } && !double.IsFinite(before) && before.Equals(after);

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
