using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The differentiable operations, a file each: what it computes, its derivative and their documentation side by side.
/// </summary>
public static partial class Ops
{
    private static Tape SameTape(Variable a, Variable b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.Tape == b.Tape ? a.Tape : throw new ArgumentException("the operands lie on different tapes");
    }

    /// <summary>
    /// A rented copy of a cotangent, summed over the dimensions that broadcasting to its shape stretched.
    /// </summary>
    private static Tensor SummedTo(Tape tape, Tensor g, Shape shape)
    {
        Tensor sum = tape.Rent(shape, g.ElementType);
        if (g.Shape == shape) Kernels.Copy(g, sum);
        else Kernels.SumTo(g, sum);
        return sum;
    }

    /// <summary>An op that maps each element alone; the derivative is told cotangent, input and output.</summary>
    private static Variable Elementwise(
        string name, Variable x, Action<Tensor, Tensor> forward, Action<Tensor, Tensor, Tensor, Tensor> derivative)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        Tensor y = tape.RentLike(x.Value);
        forward(x.Value, y);
        return tape.Record(name, y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(g);
            derivative(g, x.Value, y, gx);
            sink.Give(0, gx);
        });
    }
}
