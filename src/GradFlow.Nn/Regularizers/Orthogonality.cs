using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// λ·‖WᵀW − I‖²_F (Brock et al. 2017, eq. 4; Bansal et al. 2018, eq. 1), with WWᵀ in place of WᵀW where W, [out, in·…],
/// has fewer rows than columns. The two differ by a constant, in − out, so the gradient 4λ·W(WᵀW − I) is the same, and
/// the penalty of orthonormal rows is 0 like that of orthonormal columns.
/// </summary>
/// <param name="factor">λ, at least 0.</param>
/// <param name="parameters">What is penalised: weights of two dimensions or more.</param>
/// <exception cref="ArgumentException">A parameter of fewer dimensions.</exception>
public sealed class Orthogonality(double factor, IReadOnlyList<Parameter> parameters)
    : Regularizer("orthogonality", factor, Matrices(parameters))
{
    private protected override Variable PenaltyOf(Parameter parameter, Variable value)
    {
        Shape shape = MatrixShape(value.Shape);
        Variable w = Ops.Reshape(value, shape), turned = Ops.Transpose(w);
        Variable gram = shape[0] < shape[1] ? Ops.MatMul(w, turned) : Ops.MatMul(turned, w);
        Variable difference = gram - Identity(value.Tape, gram.Value);
        return Ops.Sum(Ops.Multiply(difference, difference));
    }

    private static Variable Identity(Tape tape, Tensor like)
    {
        Tensor identity = tape.Rent(like.Shape, like.ElementType);
        Kernels.FillInPlace(identity, 0);
        for (int i = 0; i < like.Shape[0]; i++) identity[i, i] = 1;
        return tape.Constant(identity);
    }
}
