using System.Diagnostics;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli;

/// <summary>Turns whatever went wrong into one line for a person and a code for a script.</summary>
internal static class Failure
{
    /// <summary>The number by which Unix calls a full disk (<c>ENOSPC</c>).</summary>
    private const int NoSpaceLeft = 28;

    /// <summary>The exit code and the line.</summary>
    public static (int Code, string Line) Describe(Exception error) => error switch
    {
        AggregateException { InnerExceptions.Count: > 0 } several => Describe(several.InnerExceptions[0]),
        BadInputException or InvalidExperimentException or InvalidRunException =>
            (ExitCode.BadInput, InOneLine(error.Message)),
        OperationCanceledException => (ExitCode.Stopped, "gradflow: stopped; what was recorded is kept"),
        OutOfMemoryException =>
            (ExitCode.BadInput, "gradflow: out of memory; expected a net and data that fit into this machine's"),
        IOException or UnauthorizedAccessException =>
            (ExitCode.BadInput, $"gradflow: {InOneLine(error.Message).TrimEnd('.')}; expected a place that can be "
                + "written, with room on the disk"),
        _ => (ExitCode.Fault, $"gradflow: a fault of its own, please report it: {InOneLine(Fault(error))}"),
    };

    /// <summary>
    /// Why a place that somebody named can't be written, to stand behind it: only what can be relied on. The system's
    /// own words often name another file, or miss a cause for want of an error that fits.
    /// </summary>
    public static string Reason(Exception error) => error switch
    {
        UnauthorizedAccessException => " (permission denied)",
        IOException when IsOfFullDisk(error) => " (the disk is full)",
        _ => "",
    };

    // Where space is reserved for a file first, the runtime gives no code but only words.
    private static bool IsOfFullDisk(Exception error) =>
        error.HResult == NoSpaceLeft || error.Message.Contains("disk was full", StringComparison.Ordinal);

    private static string Fault(Exception error)
    {
        string? place = new StackTrace(error).GetFrames()
            .Select(frame => frame.GetMethod())
            .Where(method => method?.DeclaringType?.FullName?.StartsWith("GradFlow.", StringComparison.Ordinal) == true)
            .Select(method => $" in {method!.DeclaringType!.FullName}.{method.Name}")
            .FirstOrDefault();
        return $"{error.GetType().Name}{place}: {error.Message}";
    }

    private static string InOneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
