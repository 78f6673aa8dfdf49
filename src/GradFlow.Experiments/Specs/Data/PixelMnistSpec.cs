namespace GradFlow.Experiments;

/// <summary>
/// The images of MNIST's IDX files as sequences of their pixels, row by row; the class is to be told at the end (Le,
/// Jaitly and Hinton 2015).
/// </summary>
[Entry("pixel-mnist")]
public sealed record PixelMnistSpec : IdxDataSpec
{
    /// <summary>Whether the pixels come in a random order, the same for all images and every seed.</summary>
    [Written]
    public bool Permute { get; init; }

    /// <summary>
    /// The side of the squares of pixels whose mean is one time step: 2 leaves a quarter of the steps.
    /// </summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 100)]
    public int Pool { get; init; } = 1;
}
