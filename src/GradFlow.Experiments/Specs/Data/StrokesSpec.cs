namespace GradFlow.Experiments;

/// <summary>Handwriting-like digits, drawn procedurally; needs no file.</summary>
[Entry("strokes")]
public sealed record StrokesSpec : DataSpec, IConstrained
{
    private const int MaxPixels = 1 << 28;

    /// <summary>Images to train on (validation included).</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Train { get; init; } = 5000;

    /// <summary>Images to test on.</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1e6)]
    public int Test { get; init; } = 1000;

    /// <summary>Pixels per side.</summary>
    [Written]
    [Limits(AtLeast = 8, AtMost = 64)]
    public int Size { get; init; } = 16;

    /// <summary>How many of the ten digits occur, from 0 on.</summary>
    [Limits(AtLeast = 2, AtMost = 10)]
    public int Classes { get; init; } = 10;

    /// <summary>How much the hand varies; 1 is about as much as in MNIST.</summary>
    [Limits(AtLeast = 0, AtMost = 3)]
    public double Variation { get; init; } = 1.0;

    /// <summary>Standard deviation of the noise on the pixels, where ink is 1.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double Noise { get; init; } = 0.05;

    /// <summary>What is done to the brightness.</summary>
    public ImageScaling Scale { get; init; }

    SpecProblem? IConstrained.FindProblem() => Pixels > MaxPixels
        ? new SpecProblem("size", $"'strokes' has {Pixels:N0} pixels in all; at most {MaxPixels:N0} fit")
        : null;

    private double Pixels => ((double)Train + Test) * Size * Size;
}
