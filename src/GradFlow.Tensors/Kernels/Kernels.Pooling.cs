namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// The largest number that the window meets at each position, per channel; NaN where it meets one. Padding is never
    /// the largest.
    /// </summary>
    /// <param name="x">[n, c, h, w], dense.</param>
    /// <param name="rows">The window along the height.</param>
    /// <param name="columns">The window along the width.</param>
    /// <param name="into">[n, c, h', w'].</param>
    /// <exception cref="ArgumentException">The shapes don't fit, or padding is more than half a window.</exception>
    public static void MaxPool(Tensor x, Window rows, Window columns, Tensor into)
    {
        RequirePooling(x, rows, columns, into);
        if (IsFloat(x)) Pool(new MaxPooling<float>(x, rows, columns, into));
        else Pool(new MaxPooling<double>(x, rows, columns, into));
    }

    /// <summary>
    /// The cotangent of <see cref="MaxPool"/>: each position's goes to its largest entry, the first of equal ones.
    /// </summary>
    public static void MaxPoolBackward(Tensor x, Tensor g, Window rows, Window columns, Tensor into)
    {
        RequirePooling(x, rows, columns, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) Pool(new MaxPoolingBackward<float>(x, g, rows, columns, into));
        else Pool(new MaxPoolingBackward<double>(x, g, rows, columns, into));
    }

    /// <summary>The mean of what the window meets at each position, per channel; padding counts as zeros.</summary>
    /// <param name="x">[n, c, h, w], dense.</param>
    /// <param name="rows">The window along the height.</param>
    /// <param name="columns">The window along the width.</param>
    /// <param name="into">[n, c, h', w'].</param>
    /// <exception cref="ArgumentException">The shapes don't fit, or padding is more than half a window.</exception>
    public static void AveragePool(Tensor x, Window rows, Window columns, Tensor into)
    {
        RequirePooling(x, rows, columns, into);
        if (IsFloat(x)) Pool(new AveragePooling<float>(x, rows, columns, into));
        else Pool(new AveragePooling<double>(x, rows, columns, into));
    }

    /// <summary>The cotangent of <see cref="AveragePool"/>: each position's is shared equally by what it met.</summary>
    public static void AveragePoolBackward(Tensor g, Window rows, Window columns, Tensor into)
    {
        RequirePooling(into, rows, columns, g);
        if (IsFloat(g)) Pool(new AveragePoolingBackward<float>(g, rows, columns, into));
        else Pool(new AveragePoolingBackward<double>(g, rows, columns, into));
    }

    private static void Pool<T>(PoolingWork<T> work)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => Workers.Run(work, work.Chunks);

    private static void RequirePooling(Tensor x, Window rows, Window columns, Tensor y)
    {
        RequireSameType(x, y);
        if (x.Shape.Count != 4) throw new ArgumentException($"got a tensor of shape {x.Shape}; expected [n, c, h, w]");
        foreach (Window window in (ReadOnlySpan<Window>)[rows, columns])
        {
            if (2 * window.Padding > window.Size)
                throw new ArgumentException($"{window}; expected padding of at most half the window");
        }
        RequireShape(
            y, new Shape(x.Shape[0], x.Shape[1], rows.PositionsAlong(x.Shape[2]), columns.PositionsAlong(x.Shape[3])));
    }
}
