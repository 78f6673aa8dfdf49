using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The largest of k features (Goodfellow et al. 2013): of k·m features, y_j is the largest of x_j, x_(j+m), …,
    /// x_(j+(k−1)m). The cotangent goes to that one, of equals to the first.
    /// </summary>
    /// <param name="x">k·m features along one dimension, such as [n, k·m]; [n, m] comes out.</param>
    /// <param name="pieces">k, at least 1; divides the number of features.</param>
    /// <param name="dimension">The dimension of the features; from the end if negative, the last by default.</param>
    /// <exception cref="ArgumentException">No such dimension, or k doesn't divide its extent.</exception>
    public static Variable Maxout(Variable x, int pieces, int dimension = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        int d = dimension < 0 ? dimension + x.Shape.Count : dimension;
        if (d < 0 || d >= x.Shape.Count || x.Shape[d] % pieces != 0)
            throw new ArgumentException(
                $"maxout of {pieces} pieces along dimension {dimension} of {x.Shape}; expected a multiple of them");
        int[] extents = [.. x.Shape];
        extents[d] /= pieces;
        int size = extents[d..].Aggregate(1, (product, extent) => product * extent);
        Shape whole = new(extents[..d].Aggregate(1, (product, extent) => product * extent), pieces, size);
        Shape largest = new(whole[0], size);
        Tape tape = x.Tape;
        Tensor from = Dense(x.Value).Reshape(whole), y = tape.Rent(new Shape(extents), x.Value.ElementType);
        Kernels.Maxout(from, y.Reshape(largest));
        return tape.Record("maxout", y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(x.Value);
            Kernels.MaxoutBackward(from, y.Reshape(largest), Dense(g).Reshape(largest), gx.Reshape(whole));
            sink.Give(0, gx);
        });
    }
}
