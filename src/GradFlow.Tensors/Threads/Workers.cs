namespace GradFlow.Tensors;

/// <summary>
/// The threads that share one training step's arithmetic. They belong to the process, as its processor cores do; how
/// many they are changes how long a step takes and never a bit of what it computes.
/// </summary>
public static class Workers
{
    internal const int MostThreads = 64;
    private static readonly Crew Crew = new();

    /// <summary>Threads that take part, the caller included; by default one per core.</summary>
    public static int Threads => Crew.Threads;

    /// <summary>Sets how many threads take part, the caller included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above 64.</exception>
    public static void Use(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        Crew.Threads = threads;
    }

    /// <summary>Does all chunks of some work and returns when the last is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="chunks">Into how many chunks it falls.</param>
    /// <exception cref="AggregateException">A chunk has thrown; the others may not have been done.</exception>
    public static void Run(IChunkedWork work, int chunks)
    {
        ArgumentNullException.ThrowIfNull(work);
        Crew.Run(work, chunks);
    }

    /// <summary>
    /// Opens the lane, on which work is left to be done beside what follows. Null where there is no other thread, or
    /// where somebody else has it: then the work is to be done at once.
    /// </summary>
    internal static Lane? OpenLane() => Crew.OpenLane();

    /// <summary>Wakes the workers if any sleep.</summary>
    internal static void WakeUp() => Crew.WakeUp();
}
