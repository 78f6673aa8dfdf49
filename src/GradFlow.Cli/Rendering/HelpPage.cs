using System.CommandLine;
using GradFlow.Cli.Commands;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>--help</c> shows.</summary>
internal static class HelpPage
{
    /// <summary>The page of the program.</summary>
    /// <param name="root">The program.</param>
    /// <param name="verbs">Its verbs.</param>
    public static IRenderable Of(Command root, IReadOnlyList<Verb> verbs) => new Rows(
        Text.Empty,
        new Paragraph(root.Name, Palette.Strong).Append("  " + root.Description),
        Section("Verbs", Table(verbs.Select(verb => (verb.Usage, verb.Description)))),
        Section("Options", Table(Shared(verbs))),
        Section("Begin with", new Text(verbs[0].Example)),
        Section("Exit codes", Table(
        [
            ("0", "healthy, or repaired"),
            ("1", "sick and not repaired"),
            ("2", "bad input"),
            ("3", "stopped by you; what was recorded is kept"),
            ("4", "inconclusive: too little was recorded"),
            ("70", "a fault of gradflow itself; please report it"),
        ])),
        Text.Empty,
        new Text("gradflow VERB --help shows a verb's options.", Palette.Quiet),
        Text.Empty);

    /// <summary>The page of a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="help">The option that every verb has.</param>
    public static IRenderable Of(Verb verb, Option help) => new Rows(
    [
        Text.Empty,
        new Paragraph($"gradflow {verb.Usage}", Palette.Strong).Append(" [options]"),
        Text.Empty,
        new Text(verb.Description ?? ""),
        .. verb.Arguments.SelectMany(argument => new IRenderable[]
        {
            Text.Empty, new Paragraph(argument.Name, Palette.Strong).Append("  " + argument.Description),
        }),
        Section("Options", Table(verb.Options.Append(help).Select(option => (Usage(option), Description(option))))),
        Section("Example", new Text(verb.Example)),
        .. verb.Note.Length == 0 ? Array.Empty<IRenderable>() : [Text.Empty, new Text(verb.Note)],
        Text.Empty,
    ]);

    /// <summary>The options of the verbs, with the verbs that take them.</summary>
    private static IEnumerable<(string, string?)> Shared(IReadOnlyList<Verb> verbs) => verbs
        .SelectMany(verb => verb.Options.Select(option => (Usage: Usage(option), verb.Name)))
        .GroupBy(use => use.Usage, use => use.Name)
        .Select(uses => (uses.Key, (string?)(uses.Count() == verbs.Count ? "every verb" : string.Join(", ", uses))));

    private static string Usage(Option option) =>
        string.IsNullOrEmpty(option.HelpName) ? option.Name : $"{option.Name} {option.HelpName}";

    private static string? Description(Option option) => option is Option<string> { HasDefaultValue: true } text
        ? $"{text.Description} Default: {text.GetDefaultValue()}."
        : option.Description;

    private static Rows Section(string heading, IRenderable body) =>
        new(Text.Empty, new Text(heading, Palette.Strong), new Padder(body, new Padding(Figure.Indent, 0, 0, 0)));

    private static Grid Table(IEnumerable<(string Name, string? Description)> rows)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(3))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach ((string name, string? description) in rows) grid.AddRow(new Text(name), new Text(description ?? ""));
        return grid;
    }
}
