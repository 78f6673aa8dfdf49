using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What a command shows people: a title and sections beneath each other, with air between.</summary>
/// <param name="console">Where to show it.</param>
internal sealed class Figure(IAnsiConsole console)
{
    /// <summary>How far sections stand in.</summary>
    public const int Indent = 2;

    /// <summary>Cells between two columns.</summary>
    public const int ColumnGap = 2;

    /// <summary>Cells that a section may be wide.</summary>
    public int Width => console.Profile.Width - Indent;

    /// <summary>Shows the title: a name and what is to be known about it.</summary>
    public void AddTitle(string name, params string[] notes)
    {
        var line = new Paragraph(name, Palette.Strong);
        foreach (string note in notes) line.Append(" · " + note, Palette.Quiet);
        Write(line);
    }

    /// <summary>Shows a section.</summary>
    /// <param name="heading">Its heading; null for none.</param>
    /// <param name="note">What is said behind the heading; null for nothing.</param>
    /// <param name="body">What is in it.</param>
    public void Add(string? heading, string? note, IRenderable body)
    {
        var padded = new Padder(body, new Padding(Indent, 0, 0, 0));
        if (heading is null)
        {
            Write(padded);
            return;
        }
        var line = new Paragraph(heading, Palette.Strong);
        if (note is not null) line.Append("  " + note, Palette.Quiet);
        Write(line, padded);
    }

    /// <summary>Shows what it comes to: a mark and a sentence or two.</summary>
    /// <param name="style">The mark's colour.</param>
    /// <param name="word">The word that stands first, in that colour; empty for none.</param>
    /// <param name="sentence">The rest.</param>
    public void AddSentence(Style style, string word, string sentence)
    {
        Style strong = style.Combine(Palette.Strong);
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        grid.AddRow(new Text("●", strong), new Paragraph(word, strong).Append(Unbroken.Of(sentence)));
        Add(null, null, grid);
    }

    /// <summary>Shows a verdict.</summary>
    public void AddVerdict(Verdict verdict)
    {
        string word = verdict.Kind.ToString(), sentence = verdict.Sentence;
        if (sentence.StartsWith(word + ": ", StringComparison.Ordinal)) sentence = sentence[(word.Length + 2)..];
        if (sentence.Length > 0) sentence = char.ToUpperInvariant(sentence[0]) + sentence[1..];
        AddSentence(Palette.Of(verdict.Kind), word + ". ", sentence);
    }

    /// <summary>Shows where things lie; paths are not wrapped, so that they can be clicked and copied.</summary>
    public void AddPlaces(params (string Label, string Path)[] places)
    {
        int width = places.Max(place => place.Label.Length) + 2;
        Write([.. places.Select(place => new PlaceLine(place.Label.PadRight(width), place.Path)), new EmptyLine()]);
    }

    /// <summary>Columns beside each other, each as wide as it must be.</summary>
    /// <param name="alignments">How each column is aligned.</param>
    public static Grid Columns(params Justify[] alignments)
    {
        var grid = new Grid();
        for (int i = 0; i < alignments.Length; i++)
        {
            var column = new GridColumn { NoWrap = true, Alignment = alignments[i] };
            grid.AddColumn(column.PadLeft(0).PadRight(i == alignments.Length - 1 ? 0 : ColumnGap));
        }
        return grid;
    }

    // In one piece and ending with its line: an animation draws itself again below whatever is written.
    private void Write(params IEnumerable<IRenderable> parts) => console.Write(new Rows([new EmptyLine(), .. parts]));

    private sealed class EmptyLine : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [Segment.LineBreak];
    }

    private sealed class PlaceLine(string label, string path) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [new Segment(label, Palette.Quiet), new Segment(path), Segment.LineBreak];
    }
}
