using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// λ/2·Σw² (Hoerl &amp; Kennard 1970; Goodfellow, Bengio &amp; Courville 2016, eq. 7.1): its gradient is λ·w, that of a
/// coupled weight decay of λ.
/// </summary>
/// <param name="factor">λ, at least 0.</param>
/// <param name="parameters">What is penalised.</param>
public sealed class L2(double factor, IReadOnlyList<Parameter> parameters) : Regularizer("l2", factor, parameters)
{
    private protected override Variable PenaltyOf(Parameter parameter, Variable value) =>
        Ops.Scale(Ops.Sum(Ops.Multiply(value, value)), 0.5);
}
