using System.Text;

namespace GradFlow.Cli.Tests;

/// <summary>What a command line came to.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Invocation(int Code, string Output, string Error)
{
    internal IReadOnlyList<string> ErrorLines => Error.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    internal static Invocation Of(params string[] args) => Of(new StringWriter(), new StringWriter(), default, args);

    /// <summary>Runs a command that is stopped as soon as a line beginning so is written to standard error.</summary>
    internal static Invocation StoppedAt(string line, params string[] args)
    {
        using var stop = new CancellationTokenSource();
        return Of(new StringWriter(), new StoppingWriter(line, stop), stop.Token, args);
    }

    /// <summary>Runs a command that is stopped as soon as it has written so much to standard output.</summary>
    internal static Invocation StoppedAfter(int characters, params string[] args)
    {
        using var stop = new CancellationTokenSource();
        var output = new FillingWriter(characters, stop);
        if (characters == 0) stop.Cancel();
        return Of(output, new StringWriter(), stop.Token, args);
    }

    private static Invocation Of(
        StringWriter output, StringWriter error, CancellationToken cancellation, string[] args)
    {
        int code = Program.Run(args, Terminal.Plain(output, error), cancellation);
        return new Invocation(code, output.ToString(), error.ToString());
    }

    private sealed class StoppingWriter(string line, CancellationTokenSource stop) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(line, StringComparison.Ordinal) == true) stop.Cancel();
        }
    }

    private sealed class FillingWriter(int characters, CancellationTokenSource stop) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value)
        {
            base.Write(value);
            if (GetStringBuilder().Length >= characters) stop.Cancel();
        }
    }
}
