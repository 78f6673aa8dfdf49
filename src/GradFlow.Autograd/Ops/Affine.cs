using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x·Wᵀ + b of x [n, in], W [out, in] and b [out] (or none); ∂x = ∂y·W, ∂W = ∂yᵀ·x, ∂b = Σₙ ∂y.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable Affine(Variable x, Variable weight, Variable? bias)
    {
        Tape tape = SameTape(x, weight);
        if (x.Shape.Count != 2 || weight.Shape.Count != 2 || x.Shape[1] != weight.Shape[1])
            throw new ArgumentException(
                $"input {x.Shape} does not fit weight {weight.Shape}; expected [n, in] and [out, in]");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ArgumentException($"bias {bias.Shape} does not fit weight {weight.Shape}; expected [out]");
        Tensor y = Product(tape, x.Value, weight.Value.Transpose());
        if (bias is not null) Kernels.Add(y, bias.Value, y);
        return tape.Record("affine", y, bias is null ? [x, weight] : [x, weight, bias], (g, sink) =>
        {
            if (sink.Wants(0)) sink.Give(0, Product(tape, g, weight.Value));
            if (sink.Wants(1)) sink.Give(1, Product(tape, g.Transpose(), x.Value));
            if (bias is not null && sink.Wants(2)) sink.Give(2, SummedTo(tape, g, bias.Shape));
        });
    }
}
