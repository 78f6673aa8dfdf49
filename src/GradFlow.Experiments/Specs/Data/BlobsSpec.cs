namespace GradFlow.Experiments;

/// <summary>One round cloud per class, their centres evenly on the unit circle.</summary>
[Entry("blobs")]
public sealed record BlobsSpec : PlaneDataSpec
{
    /// <summary>The number of clouds.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 100)]
    public int Classes { get; init; } = 3;

    /// <summary>Standard deviation of each cloud.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 10)]
    public double Noise { get; init; } = 0.2;
}
