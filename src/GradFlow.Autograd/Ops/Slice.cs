using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The indices from <paramref name="start"/> on along a dimension; the cotangent goes to these alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such dimension, or the stretch lies outside.</exception>
    public static Variable Slice(Variable x, int dimension, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor view = x.Value.Slice(dimension, start, length), y = x.Tape.RentLike(view);
        Kernels.Copy(view, y);
        return x.Tape.Record("slice", y, [x], (g, sink) => sink.LendSlice(0, dimension, start, g));
    }
}
