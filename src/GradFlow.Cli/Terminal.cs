using System.Text;
using GradFlow.Cli.Rendering;
using Spectre.Console;

namespace GradFlow.Cli;

/// <summary>Where a command writes, and what may be done there.</summary>
internal sealed class Terminal
{
    private const int PlainWidth = 80;
    private const int MostWidth = 120;

    private Terminal(TextWriter output, TextWriter error, IAnsiConsole people, IAnsiConsole? live, TimeProvider time)
    {
        Output = output;
        Error = error;
        People = people;
        Live = live;
        Time = time;
    }

    /// <summary>Standard output, for machines.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error: what went wrong, and how far it is.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard output, for people.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Standard error where it is a terminal, so that progress can be animated; else null.</summary>
    public IAnsiConsole? Live { get; }

    /// <summary>
    /// Where people read what is told while something is under way: above the animation where both are on a terminal.
    /// </summary>
    public IAnsiConsole Reading => Live is { } live && People.Profile.Out.IsTerminal ? live : People;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Plain text into two writers: 80 columns, no colours, no animation.</summary>
    public static Terminal Plain(TextWriter output, TextWriter error, TimeProvider? time = null) =>
        new(output, error, Console(output, PlainWidth, isTerminal: false), null, time ?? TimeProvider.System);

    /// <summary>A terminal of some width, on which both what is read and what is animated are written.</summary>
    public static Terminal Animated(TextWriter screen, int width) =>
        new(screen, screen, Console(screen, width, isTerminal: true), Console(screen, width, isTerminal: true),
            TimeProvider.System);

    /// <summary>The terminal that this process was started in, or the files that its output was led to.</summary>
    public static Terminal OfProcess()
    {
        TextWriter output = System.Console.Out, error = System.Console.Error;
        bool isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        bool isTerminal = !System.Console.IsOutputRedirected && !isDumb;
        bool isLive = !System.Console.IsErrorRedirected && !isDumb;
        return new Terminal(
            output, error, Console(output, isTerminal ? Width() : PlainWidth, isTerminal),
            isLive ? Console(error, Width(), isTerminal: true) : null, TimeProvider.System);
    }

    /// <summary>Says something beside the answer on standard error, above the animation where there is one.</summary>
    public void Remark(string line)
    {
        if (Live is { } live) live.Write(new Text(line + "\n"));
        else Error.WriteLine(line);
    }

    /// <summary>Brings the cursor back that an animation has hidden.</summary>
    public void ShowCursor() => Live?.Cursor.Show();

    // More than that is tiring to read.
    private static int Width() => Math.Clamp(System.Console.WindowWidth, 40, MostWidth);

    private static IAnsiConsole Console(TextWriter writer, int width, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new PlainOutput(new TidyWriter(writer, trims: !isTerminal), width, isTerminal),
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isTerminal && !WantsNoColor() ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    // See no-color.org: any value but the empty one.
    private static bool WantsNoColor() => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private sealed class PlainOutput(TextWriter writer, int width, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 24;

        // The program writes UTF-8 throughout.
        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
