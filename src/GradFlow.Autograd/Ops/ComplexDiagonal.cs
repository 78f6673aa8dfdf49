using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// A linear recurrence of complex numbers that don't mix, h_t = λ∘h_{t−1} + B·x_t over all time steps, as the
    /// linear recurrent unit has it (Orvieto et al. 2023). Back in time ∂h_{t−1} = λ̄∘∂h_t and ∂λ = Σ ∂h_t∘h̄_{t−1}.
    /// </summary>
    /// <param name="x">The sequences, [n, T, in].</param>
    /// <param name="weight">B, its real parts above its imaginary ones, [2·states, in].</param>
    /// <param name="lambda">λ, real parts before imaginary ones, [2·states].</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="initial">The state before the first step, h [n, 2·states]; null for zeros.</param>
    /// <param name="segments">How its time steps are parted to save memory; null, the default, keeps all.</param>
    /// <returns>h_t of every step, real parts before imaginary ones, [n, T, 2·states].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1.</exception>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable ComplexDiagonal(
        Variable x, Variable weight, Variable lambda, int? window = null, CarriedState? initial = null,
        TimeSegments? segments = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(lambda);
        int units = lambda.Shape.Size;
        if (units % 2 != 0)
            throw new ArgumentException($"λ {lambda.Shape}; expected as many imaginary parts as real ones");
        Variable none = x.Tape.Constant(Tensor.Zeros(new Shape(0, units), x.Value.ElementType));
        return Recur(
            "complex-diagonal", RecurrentCell.ComplexDiagonal, x, new RecurrentInputs(weight, none, PerUnit: lambda),
            window, initial, segments: segments);
    }
}
