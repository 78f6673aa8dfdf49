namespace GradFlow.Cli;

/// <summary>How the program ends, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done: healthy or repaired.</summary>
    public const int Done = 0;

    /// <summary>Sick and not repaired.</summary>
    public const int Sick = 1;

    /// <summary>Bad input, or a place that cannot be read or written.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by the user; what was recorded is kept.</summary>
    public const int Stopped = 3;

    /// <summary>The evidence is too thin for a verdict.</summary>
    public const int Inconclusive = 4;

    /// <summary>A fault of the program itself (<c>EX_SOFTWARE</c> of BSD's sysexits).</summary>
    public const int Fault = 70;
}
