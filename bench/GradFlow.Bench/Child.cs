using System.Diagnostics;

namespace GradFlow.Bench;

/// <summary>Runs another program and takes what it prints.</summary>
internal static class Child
{
    /// <summary>What a program prints.</summary>
    /// <exception cref="InvalidOperationException">It didn't start, or failed.</exception>
    public static string Output(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program}: did not start");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}; "
                    + "see what it has written above");
    }
}
