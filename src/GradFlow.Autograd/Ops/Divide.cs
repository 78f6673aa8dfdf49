using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// a/b elementwise, broadcasting; ∂a = ∂y/b and ∂b = −∂y·y/b, each summed over what was broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast.</exception>
    public static Variable Divide(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        Tensor y = tape.Rent(Shape.Broadcast(a.Shape, b.Shape), a.Value.ElementType);
        Kernels.Divide(a.Value, b.Value, y);
        return tape.Record("divide", y, [a, b], (g, sink) =>
        {
            Tensor quotient = tape.RentLike(g);
            Kernels.Divide(g, b.Value, quotient);
            if (sink.Wants(0)) sink.Give(0, SummedTo(tape, quotient, a.Shape));
            if (sink.Wants(1))
            {
                Kernels.Multiply(quotient, y, quotient);
                Tensor negative = SummedTo(tape, quotient, b.Shape);
                Kernels.Scale(negative, -1, negative);
                sink.Give(1, negative);
            }
            tape.Pool.Return(quotient);
        });
    }
}
