using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// λ·Σ|w| (Tibshirani 1996): pulls each weight towards 0 by the same force, so that small ones end there. At w = 0 the
/// gradient is 0.
/// </summary>
/// <param name="factor">λ, at least 0.</param>
/// <param name="parameters">What is penalised.</param>
public sealed class L1(double factor, IReadOnlyList<Parameter> parameters) : Regularizer("l1", factor, parameters)
{
    private protected override Variable PenaltyOf(Parameter parameter, Variable value) => Ops.Sum(Ops.Abs(value));
}
