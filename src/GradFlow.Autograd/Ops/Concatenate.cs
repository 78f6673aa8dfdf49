using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Tensors one after the other along a dimension that they have: [n, a] and [n, b] become [n, a + b]. Each gets
    /// back its stretch of the cotangent.
    /// </summary>
    /// <param name="x">At least one tensor; their shapes differ along that dimension alone.</param>
    /// <param name="dimension">The dimension, from 0.</param>
    /// <exception cref="ArgumentException">None at all, shapes that don't fit, or different tapes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such dimension.</exception>
    public static Variable Concatenate(IReadOnlyList<Variable> x, int dimension)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Count == 0)
            throw new ArgumentException("nothing to concatenate; expected at least one tensor", nameof(x));
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dimension, x[0].Shape.Count);
        Shape WithExtent(Shape shape, int extent) =>
            new([.. shape.Select((n, d) => d == dimension ? extent : n)]);
        if (x.FirstOrDefault(v => v.Shape.Count != x[0].Shape.Count
                || WithExtent(v.Shape, 0) != WithExtent(x[0].Shape, 0)) is { } other)
            throw new ArgumentException(
                $"cannot concatenate {other.Shape} behind {x[0].Shape}; expected shapes that differ along dimension "
                    + $"{dimension} alone", nameof(x));
        Tape tape = x.Aggregate(x[0].Tape, (_, v) => SameTape(x[0], v));
        Tensor y = tape.Rent(
            WithExtent(x[0].Shape, x.Sum(v => v.Shape[dimension])), x[0].Value.ElementType);
        int end = 0;
        int[] starts = [.. x.Select(v => (end += v.Shape[dimension]) - v.Shape[dimension])];
        for (int i = 0; i < x.Count; i++)
            Kernels.Copy(x[i].Value, y.Slice(dimension, starts[i], x[i].Shape[dimension]));
        return tape.Record("concatenate", y, [.. x], (g, sink) =>
        {
            for (int i = 0; i < x.Count; i++)
                if (sink.Wants(i)) sink.Lend(i, g.Slice(dimension, starts[i], x[i].Shape[dimension]));
        });
    }
}
