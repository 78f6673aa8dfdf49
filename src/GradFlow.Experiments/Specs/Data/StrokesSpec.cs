namespace GradFlow.Experiments;

/// <summary>Handwriting-like digits, drawn procedurally; needs no file.</summary>
[Entry("strokes")]
public sealed record StrokesSpec : DrawnDataSpec, IConstrained
{
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

    SpecProblem? IConstrained.FindProblem() => FindExcess("size", (double)Size * Size, "pixels");
}
