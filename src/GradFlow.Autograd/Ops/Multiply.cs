using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>a·b elementwise, broadcasting; ∂a = ∂y·b and ∂b = ∂y·a, each summed over what was broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast.</exception>
    public static Variable Multiply(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        Tensor y = tape.Rent(Shape.Broadcast(a.Shape, b.Shape), a.Value.ElementType);
        Kernels.Multiply(a.Value, b.Value, y);
        return tape.Record("multiply", y, [a, b], (g, sink) =>
        {
            if (sink.Wants(0)) sink.Give(0, SummedProduct(tape, g, b.Value, a.Shape));
            if (sink.Wants(1)) sink.Give(1, SummedProduct(tape, g, a.Value, b.Shape));
        });
    }

    private static Tensor SummedProduct(Tape tape, Tensor g, Tensor factor, Shape shape)
    {
        Tensor product = tape.RentLike(g);
        Kernels.Multiply(g, factor, product);
        if (g.Shape == shape) return product;
        Tensor sum = SummedTo(tape, product, shape);
        tape.Pool.Return(product);
        return sum;
    }
}
