using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Softmax over the last dimension of x [n, classes]; ∂x = y·(∂y − Σ ∂y·y), the sum over classes.
    /// </summary>
    /// <exception cref="ArgumentException">Not a matrix.</exception>
    public static Variable Softmax(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Count != 2) throw new ArgumentException($"softmax of shape {x.Shape}; expected [n, classes]");
        Tape tape = x.Tape;
        Tensor y = tape.RentLike(x.Value);
        Kernels.Softmax(x.Value, y);
        return tape.Record("softmax", y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(g), sums = tape.Rent(new Shape(g.Shape[0], 1), g.ElementType);
            Kernels.Multiply(g, y, gx);
            Kernels.SumTo(gx, sums);
            Kernels.Subtract(g, sums, gx);
            Kernels.Multiply(gx, y, gx);
            tape.Pool.Return(sums);
            sink.Give(0, gx);
        });
    }
}
