namespace GradFlow.Experiments;

/// <summary>A convolution: a kernel with the same weights at every place.</summary>
public abstract record ConvSpec : WeightedSpec
{
    /// <summary>Entries of the kernel along each dimension.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public int Kernel { get; init; } = 3;

    /// <summary>Entries from one position of the kernel to the next.</summary>
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public int Stride { get; init; } = 1;

    /// <summary>Entries that are added on either side.</summary>
    [Limits(AtLeast = 0, AtMost = 1e3)]
    public int Padding { get; init; }

    /// <summary>What is added.</summary>
    public PaddingMode PaddingMode { get; init; }

    /// <summary>Entries from one that the kernel looks at to the next.</summary>
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public int Dilation { get; init; } = 1;

    /// <summary>Into how many groups the channels fall; each output looks at the inputs of its group alone.</summary>
    [Limits(AtLeast = 1, AtMost = 1e5)]
    public int Groups { get; init; } = 1;
}

/// <summary>What is around an image or a sequence.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>What lies at its other side.</summary>
    Circular,
}
