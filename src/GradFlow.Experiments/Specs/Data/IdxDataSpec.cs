namespace GradFlow.Experiments;

/// <summary>Images in MNIST's IDX files.</summary>
public abstract record IdxDataSpec : FileDataSpec
{
    /// <summary>Images to train on (validation included); all that there are if not given.</summary>
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int? Train { get; init; }

    /// <summary>Images to test on; all that there are if not given, or a fifth where one set is split.</summary>
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int? Test { get; init; }

    /// <summary>What is done to the brightness.</summary>
    [Written]
    public ImageScaling Scale { get; init; }
}
