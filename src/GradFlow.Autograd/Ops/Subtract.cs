using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>a − b, broadcasting; ∂a = ∂y and ∂b = −∂y, each summed over what was broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast.</exception>
    public static Variable Subtract(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        Tensor y = tape.Rent(Shape.Broadcast(a.Shape, b.Shape), a.Value.ElementType);
        Kernels.Subtract(a.Value, b.Value, y);
        return tape.Record("subtract", y, [a, b], (g, sink) =>
        {
            if (sink.Wants(0)) sink.Give(0, SummedTo(tape, g, a.Shape));
            if (!sink.Wants(1)) return;
            Tensor negative = SummedTo(tape, g, b.Shape);
            Kernels.Scale(negative, -1, negative);
            sink.Give(1, negative);
        });
    }
}
