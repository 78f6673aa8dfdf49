namespace GradFlow.Tensors;

/// <summary>A window that slides along one dimension, as convolutions and poolings do.</summary>
/// <param name="Size">Entries that it looks at, at least 1.</param>
/// <param name="Stride">Entries from one position to the next, at least 1.</param>
/// <param name="Padding">Entries that are added on either side, at least 0.</param>
/// <param name="Dilation">Entries from one that it looks at to the next, at least 1; 1 is the dense window.</param>
public readonly record struct Window(int Size, int Stride = 1, int Padding = 0, int Dilation = 1)
{
    /// <summary>A single entry: a dimension along which nothing slides.</summary>
    public static Window Single { get; } = new(1);

    /// <summary>Entries from the first that it looks at to the last, both counted.</summary>
    internal int Reach => Dilation * (Size - 1) + 1;

    /// <summary>At how many positions it lies: ⌊(extent + 2·padding − dilation·(size − 1) − 1)/stride⌋ + 1.</summary>
    /// <param name="extent">Entries along the dimension.</param>
    /// <exception cref="ArgumentException">
    /// A number is out of range, or the window is longer than what it slides along.
    /// </exception>
    public int PositionsAlong(int extent)
    {
        if (Size < 1 || Stride < 1 || Padding < 0 || Dilation < 1)
            throw new ArgumentException(
                $"{this}; expected size, stride and dilation of at least 1 and padding of at least 0");
        long room = extent + 2L * Padding - ((long)Dilation * (Size - 1) + 1);
        return room >= 0 && extent > 0
            ? (int)(room / Stride) + 1
            : throw new ArgumentException(
                $"{this} does not fit into {extent} {(extent == 1 ? "entry" : "entries")}; "
                    + "expected a smaller window or more padding");
    }

    /// <summary>For instance <c>a window of 3, stride 2, padding 1</c>.</summary>
    public override string ToString() =>
        $"a window of {Size}{Part("stride", Stride, 1)}{Part("padding", Padding, 0)}{Part("dilation", Dilation, 1)}";

    private static string Part(string name, int value, int usual) => value == usual ? "" : $", {name} {value}";
}
