using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// One index along a dimension, which falls away: of a sequence x [n, T, f], <c>Select(x, 1, t)</c> is x_t [n, f].
    /// The cotangent goes to that index alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such dimension or index.</exception>
    public static Variable Select(Variable x, int dimension, int index)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor? last = dimension == 1 && index == x.Shape[1] - 1 ? x.Recurrence?.LastAlone : null;
        Tensor stretch = last?.Reshape(new Shape(x.Shape[0], 1, x.Shape[2])) ?? x.Value.Slice(dimension, index, 1);
        int[] extents = [.. stretch.Shape];
        int d = dimension < 0 ? dimension + extents.Length : dimension;
        Tensor y = x.Tape.Rent(new Shape([.. extents[..d], .. extents[(d + 1)..]]), stretch.ElementType);
        Kernels.Copy(stretch, y.Reshape(stretch.Shape));
        return x.Tape.Record("select", y, [x], (g, sink) => sink.LendSlice(0, d, index, g.Reshape(stretch.Shape)));
    }
}
