namespace GradFlow.Experiments;

/// <summary>Data that are drawn at random, as many as asked for to train and to test on; needs no file.</summary>
public abstract record DrawnDataSpec : DataSpec
{
    private const int MaxNumbers = 1 << 28;

    /// <summary>Samples to train on (validation included).</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Train { get; init; } = 5000;

    /// <summary>Samples to test on.</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Test { get; init; } = 1000;

    /// <summary>What is wrong where the samples hold more numbers than memory does; null if they don't.</summary>
    /// <param name="key">The key that makes them large.</param>
    /// <param name="perSample">The numbers in one of them.</param>
    /// <param name="unit">What such a number is called, in the plural.</param>
    private protected SpecProblem? FindExcess(string key, double perSample, string unit = "numbers")
    {
        double numbers = ((double)Train + Test) * perSample;
        return numbers > MaxNumbers
            ? new SpecProblem(key, $"'{EntryName}' has {numbers:N0} {unit} in all; at most {MaxNumbers:N0} fit")
            : null;
    }
}
