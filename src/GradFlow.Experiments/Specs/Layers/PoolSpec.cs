namespace GradFlow.Experiments;

/// <summary>One number for each position of a window, channel by channel.</summary>
public abstract record PoolSpec : LayerSpec
{
    /// <summary>Entries of the window along each dimension.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public required int Kernel { get; init; }

    /// <summary>
    /// Entries from one position of the window to the next; as many as it has where this is left out.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public int? Stride { get; init; }

    /// <summary>Entries that are added on either side, at most half a window.</summary>
    [Limits(AtLeast = 0, AtMost = 1e3)]
    public int Padding { get; init; }
}
