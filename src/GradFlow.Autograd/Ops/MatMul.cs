using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>The matrix product c = a·b of [m, k] and [k, n]; ∂a = ∂c·bᵀ, ∂b = aᵀ·∂c.</summary>
    /// <exception cref="ArgumentException">Not matrices, or their shapes don't fit.</exception>
    public static Variable MatMul(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[1] != b.Shape[0])
            throw new ArgumentException($"cannot multiply {a.Shape} by {b.Shape}; expected [m, k] and [k, n]");
        Tensor c = tape.Rent(new Shape(a.Shape[0], b.Shape[1]), a.Value.ElementType);
        Kernels.MatMul(a.Value, b.Value, c);
        return tape.Record("matmul", c, [a, b], (g, sink) =>
        {
            if (sink.Wants(0)) sink.Give(0, Product(tape, g, b.Value.Transpose()));
            if (sink.Wants(1)) sink.Give(1, Product(tape, a.Value.Transpose(), g));
        });
    }

    private static Tensor Product(Tape tape, Tensor a, Tensor b)
    {
        Tensor c = tape.Rent(new Shape(a.Shape[0], b.Shape[1]), a.ElementType);
        Kernels.MatMul(a, b, c);
        return c;
    }
}
