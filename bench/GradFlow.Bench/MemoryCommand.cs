using System.Diagnostics;
using System.Globalization;

namespace GradFlow.Bench;

/// <summary>
/// <c>memory NAME</c>: by how many MB three training steps of a workload, and building it, lift the peak of what the
/// process holds resident. Asked of a process of its own, as a peak never falls.
/// </summary>
internal static class MemoryCommand
{
    private const int Steps = 3;

    public static int Run(string name)
    {
        try
        {
            double before = Peak();
            Workload workload = Workloads.Create(name);
            for (int i = 0; i < Steps; i++) workload.Step();
            Console.WriteLine((Peak() - before).ToString("0.0", CultureInfo.InvariantCulture));
            return 0;
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }

    /// <summary>What a process like this one prints for a workload.</summary>
    public static string Ask(string name)
    {
        string assembly = typeof(MemoryCommand).Assembly.Location, host = Environment.ProcessPath ?? "dotnet";
        bool isHost = Path.GetFileNameWithoutExtension(host) == "dotnet";
        return Child.Output(host, isHost ? [assembly, "memory", name] : ["memory", name]);
    }

    private static double Peak()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }
}
