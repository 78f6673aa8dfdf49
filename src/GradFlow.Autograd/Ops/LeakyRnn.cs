using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Leaky units over all time steps (Jaeger et al. 2007; El Hihi &amp; Bengio 1996):
    /// h_t = (1 − α)∘h_{t−1} + α∘φ(W·x_t + b + U·h_{t−1} + b'), each unit with a leak α of its own, 0 to 1; its time
    /// constant is 1/α steps. Back in time ∂a_t = ∂h_t∘α∘φ'(a_t), ∂h_{t−1} += (1 − α)∘∂h_t + Uᵀ·∂a_t, and
    /// ∂α = Σ ∂h_t∘(φ(a_t) − h_{t−1}).
    /// </summary>
    /// <param name="x">The sequences, [n, T, in].</param>
    /// <param name="weights">
    /// W [units, in], U [units, units], biases [units], and α [units] as numbers per unit.
    /// </param>
    /// <param name="cell">φ: <see cref="RecurrentCell.LeakyTanh"/>, LeakyRelu or LeakyLinear.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="initial">The state before the first step, h [n, units]; null for zeros.</param>
    /// <param name="segments">How its time steps are parted to save memory; null, the default, keeps all.</param>
    /// <returns>h_t of every step, [n, T, units].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1.</exception>
    /// <exception cref="ArgumentException">The shapes don't fit, or the cell doesn't leak.</exception>
    public static Variable LeakyRnn(
        Variable x, RecurrentInputs weights, RecurrentCell cell = RecurrentCell.LeakyTanh, int? window = null,
        CarriedState? initial = null, TimeSegments? segments = null)
    {
        if (cell is not (RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu or RecurrentCell.LeakyLinear))
            throw new ArgumentException($"leaky units of '{cell}'; expected a leaky tanh, relu or linear cell");
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Skip is not null)
            throw new ArgumentException("leaky units with connections that skip time steps; expected one of both");
        return Recur("leaky-rnn", cell, x, weights, window, initial, segments: segments);
    }
}
