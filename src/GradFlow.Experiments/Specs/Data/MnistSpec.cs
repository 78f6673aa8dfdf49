namespace GradFlow.Experiments;

/// <summary>Images in MNIST's IDX files, plain or .gz: train-* and t10k-*, or one of them, to be split.</summary>
[Entry("mnist")]
public sealed record MnistSpec : FileDataSpec
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
