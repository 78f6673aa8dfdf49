using System.ComponentModel;
using System.Diagnostics;
using GradFlow.TestKit;

namespace GradFlow.Companion.Tests;

/// <summary>A Python that has PyTorch, run on the companion's files.</summary>
internal static class Python
{
    private const string Absent =
        "no python3 with PyTorch was found; install Debian's python3-torch and libopenblas0-pthread";

    /// <summary>Debian's own is tried too, since another one may come first in the path.</summary>
    private static readonly Lazy<string?> Found =
        new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasTorch));

    /// <summary>The companion's folder.</summary>
    public static string Companion => RepositoryFiles.At("companions", "pytorch");

    /// <summary>Skips the test where there is no PyTorch, which fails on a machine that checks everything.</summary>
    public static void Require()
    {
        if (Found.Value is not null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Absent);
        Assert.Skip(Absent);
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments) => Run(Found.Value!, arguments);

    private static (int ExitCode, string Output) Run(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments)
        {
            WorkingDirectory = Companion,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static bool HasTorch(string python)
    {
        try
        {
            return Run(python, "-c", "import torch").ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
