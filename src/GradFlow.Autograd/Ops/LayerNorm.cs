using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), per row over its columns, biased variance (Ba, Kiros &amp;
    /// Hinton 2016); the derivative is batch normalisation's with rows and columns exchanged.
    /// </summary>
    /// <param name="x">[n, f].</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable LayerNorm(Variable x, Variable gain, Variable shift, double epsilon = 1e-5)
    {
        RequireNormShapes(x, gain, shift);
        Tape tape = x.Tape;
        Tensor normalized = tape.RentLike(x.Value), inverseStd = tape.Rent(new Shape(x.Shape[0]), x.Value.ElementType);
        Kernels.NormalizeRows(x.Value, epsilon, normalized, inverseStd);
        return RecordNorm("layer-norm", x, gain, shift, normalized,
            (g, into) => Kernels.NormalizeRowsBackward(normalized, inverseStd, g, into));
    }
}
