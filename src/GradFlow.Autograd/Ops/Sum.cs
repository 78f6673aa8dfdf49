using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>The sum of all elements, a scalar; the cotangent goes to each alike.</summary>
    public static Variable Sum(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = x.Tape.Rent(new Shape(), x.Value.ElementType);
        Kernels.FillInPlace(y, Kernels.Sum(x.Value));
        return x.Tape.Record("sum", y, [x], (g, sink) => sink.Lend(0, g.BroadcastTo(x.Shape)));
    }

    /// <summary>The mean of all elements, a scalar.</summary>
    public static Variable Mean(Variable x) => Scale(Sum(x), 1.0 / x.Value.Size);
}
