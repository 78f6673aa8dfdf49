namespace GradFlow.Experiments;

/// <summary>What is asked of a tour.</summary>
public sealed record TourOptions
{
    /// <summary>The number that everything random is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether it may take a quarter of the steps.</summary>
    public bool IsQuick { get; init; }

    /// <summary>What writes the records, with version.</summary>
    public string Producer { get; init; } = "gradflow";

    /// <summary>Where the time is read, for the record of when it was and how long it took.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The steps of a training that takes so many in full.</summary>
    internal int Steps(int inFull) => IsQuick ? Math.Max(1, inFull / 4) : inFull;
}
