namespace GradFlow.Experiments;

/// <summary>Sequences, drawn at random; needs no file. All are of one length.</summary>
public abstract record SequenceDataSpec : DataSpec
{
    private const int MaxNumbers = 1 << 28;

    /// <summary>Sequences to train on (validation included).</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Train { get; init; } = 5000;

    /// <summary>Sequences to test on.</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Test { get; init; } = 1000;

    /// <summary>What is wrong where the sequences hold more numbers than memory does; null if they don't.</summary>
    /// <param name="key">The key that makes them long.</param>
    /// <param name="perSequence">The numbers in one of them.</param>
    private protected SpecProblem? FindExcess(string key, double perSequence)
    {
        double numbers = ((double)Train + Test) * perSequence;
        return numbers > MaxNumbers
            ? new SpecProblem(key, $"'{EntryName}' has {numbers:N0} numbers in all; at most {MaxNumbers:N0} fit")
            : null;
    }
}
