using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Tensors of one shape side by side along a new dimension: of h_t [n, f], <c>Stack(h, 1)</c> is the sequence
    /// [n, T, f]. Each gets back its stretch of the cotangent.
    /// </summary>
    /// <param name="x">At least one tensor.</param>
    /// <param name="dimension">Where the new dimension stands, from 0.</param>
    /// <exception cref="ArgumentException">None at all, shapes that differ, or different tapes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The new dimension can't stand there.</exception>
    public static Variable Stack(IReadOnlyList<Variable> x, int dimension)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Count == 0) throw new ArgumentException("nothing to stack; expected at least one tensor", nameof(x));
        Shape shape = x[0].Shape;
        if (x.FirstOrDefault(v => v.Shape != shape) is { } other)
            throw new ArgumentException($"cannot stack {other.Shape} beside {shape}; expected one shape", nameof(x));
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, shape.Count);
        Tape tape = SameTape(x[0], x[^1]);
        int[] extents = [.. shape];
        Tensor y = tape.Rent(
            new Shape([.. extents[..dimension], x.Count, .. extents[dimension..]]), x[0].Value.ElementType);
        Shape one = new([.. extents[..dimension], 1, .. extents[dimension..]]);
        for (int i = 0; i < x.Count; i++) Kernels.Copy(Dense(x[i].Value).Reshape(one), y.Slice(dimension, i, 1));
        return tape.Record("stack", y, [.. x], (g, sink) =>
        {
            for (int i = 0; i < x.Count; i++)
            {
                if (!sink.Wants(i)) continue;
                Tensor share = tape.Rent(shape, g.ElementType);
                Kernels.Copy(g.Slice(dimension, i, 1), share.Reshape(one));
                sink.Give(i, share);
            }
        });
    }

    private static Tensor Dense(Tensor tensor) => tensor.IsContiguous ? tensor : tensor.Clone();
}
