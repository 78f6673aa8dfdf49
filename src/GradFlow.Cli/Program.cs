using System.Runtime.InteropServices;
using System.Text;

namespace GradFlow.Cli;

/// <summary>The program <c>gradflow</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Terminal terminal = Terminal.OfProcess();
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // The first signal asks; the second has its usual effect, and leaves no hidden cursor behind.
            signal.Cancel = !stop.IsCancellationRequested;
            if (!signal.Cancel) terminal.ShowCursor();
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        return Run(args, terminal, stop.Token);
    }

    /// <summary>Does what a command line asks for; whatever goes wrong is one line on standard error.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <returns>The exit code; see <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            return new CommandLine().Invoke(args, terminal, cancellation);
        }
        catch (Exception error)
        {
            (int code, string line) = Failure.Describe(error);
            terminal.Error.WriteLine(line);
            return code;
        }
    }
}
