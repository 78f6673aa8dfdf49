using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The vanishing-gradient regulariser Ω of plain recurrent layers (Pascanu, Mikolov &amp; Bengio 2013), which asks that
/// the gradient keep its norm on its way back in time; the formula is <see cref="NormPenalty"/>'s. It depends on the
/// loss's gradient, so that it is known after the way back alone: <see cref="After"/>.
/// </summary>
/// <param name="factor">λ, at least 0.</param>
/// <param name="parameters">The recurrent weights of the layers, [units, units].</param>
public sealed class NormPreservation(double factor, IReadOnlyList<Parameter> parameters)
    : Regularizer("norm-preservation", factor, Matrices(parameters))
{
    /// <summary>The penalty, factor included, that the way back over a tape has added; 0 before.</summary>
    /// <param name="tape">The step's tape.</param>
    public double After(Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return Parameters.Where(p => !p.IsFrozen).Sum(p => Factor * (tape.Use(p).NormPenalty?.Value ?? 0));
    }

    private protected override Variable? PenaltyOf(Parameter parameter, Variable value)
    {
        value.NormPenalty = new NormPenalty(Factor + (value.NormPenalty?.Factor ?? 0));
        return null;
    }
}
