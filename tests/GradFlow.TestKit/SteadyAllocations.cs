namespace GradFlow.TestKit;

/// <summary>What a step that is done again and again allocates on the managed heap.</summary>
public static class SteadyAllocations
{
    private const int WarmUps = 5, Steps = 4, Rounds = 10;

    /// <summary>Bytes that the calling thread allocates per step once the step is warm.</summary>
    /// <remarks>
    /// The least of several rounds: workers are shared by the process, so a test beside this one may take them, and
    /// then a step does by itself, with objects that it hadn't needed so far, what another thread used to do.
    /// </remarks>
    public static long PerStep(Action step)
    {
        ArgumentNullException.ThrowIfNull(step);
        for (int i = 0; i < WarmUps; i++) step();
        return Enumerable.Range(0, Rounds).Min(_ => BytesPerStep(step));
    }

    private static long BytesPerStep(Action step)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++) step();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;
    }
}
