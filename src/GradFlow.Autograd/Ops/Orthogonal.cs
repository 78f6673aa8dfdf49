using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// An orthogonal matrix from free numbers: U = Q·exp(L − Lᵀ), L being what lies below the diagonal of M and Q the
    /// orthogonal matrix at M = 0 (Lezcano-Casado &amp; Martínez-Rubio 2019; as PyTorch's
    /// <c>parametrizations.orthogonal</c> with <c>matrix_exp</c>). With D = ∂exp by the direction Qᵀ·∂U at (L − Lᵀ)ᵀ,
    /// ∂M = D − Dᵀ below the diagonal and 0 elsewhere. Computed in float64, whatever comes in.
    /// </summary>
    /// <param name="m">M, [n, n].</param>
    /// <param name="start">Q, orthogonal, [n, n].</param>
    /// <returns>U, [n, n].</returns>
    /// <exception cref="ArgumentException">No square matrices of the same size.</exception>
    public static Variable Orthogonal(Variable m, Tensor start)
    {
        ArgumentNullException.ThrowIfNull(m);
        ArgumentNullException.ThrowIfNull(start);
        if (m.Shape.Count != 2 || m.Shape[0] != m.Shape[1] || start.Shape != m.Shape)
            throw new ArgumentException($"got {m.Shape} and {start.Shape}; expected two square matrices of one size");
        Tape tape = m.Tape;
        Shape shape = m.Shape;
        Tensor skew = tape.Rent(shape, ElementType.Float64), first = start.Clone(ElementType.Float64);
        FillSkew(m.Value.Clone(ElementType.Float64), skew);
        Tensor power = tape.Rent(shape, ElementType.Float64), product = tape.Rent(shape, ElementType.Float64);
        Kernels.MatrixExponential(skew, power, tape.Pool);
        Kernels.MatMul(first, power, product);
        Tensor u = product.Clone(m.Value.ElementType);
        return tape.Record("orthogonal", u, [m], (g, sink) =>
        {
            Kernels.MatMul(first.Transpose(), g.Clone(ElementType.Float64), product);
            Kernels.MatrixExponentialBackward(skew, product, power, tape.Pool);
            Tensor below = Tensor.Zeros(shape, ElementType.Float64);
            for (int i = 0; i < shape[0]; i++)
                for (int j = 0; j < i; j++) below[i, j] = power[i, j] - power[j, i];
            sink.Lend(0, below.Clone(g.ElementType));
        });
    }

    private static void FillSkew(Tensor m, Tensor into)
    {
        for (int i = 0; i < m.Shape[0]; i++)
        {
            into[i, i] = 0;
            for (int j = 0; j < i; j++) (into[i, j], into[j, i]) = (m[i, j], -m[i, j]);
        }
    }
}
