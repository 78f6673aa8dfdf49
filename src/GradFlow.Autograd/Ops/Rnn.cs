using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The plain recurrent layer over all time steps, h_t = φ(W·x_t + b + U·h_{t−1} + b') from the initial state on
    /// (Elman 1990). Back in time ∂a_t = ∂h_t∘φ'(a_t) and ∂h_{t−1} += Uᵀ·∂a_t. A normalised cell has φ(γ∘â_t + β), â_t
    /// being a_t of mean 0 and variance 1 over the units (Ba, Kiros &amp; Hinton 2016, eq. 4).
    /// </summary>
    /// <param name="x">The sequences, [n, T, in].</param>
    /// <param name="weights">
    /// W [units, in], U [units, units] and biases [units]; as numbers per unit β of modReLU [units], or γ and β of a
    /// normalised cell one after the other [2·units].
    /// </param>
    /// <param name="cell">
    /// φ: <see cref="RecurrentCell.Tanh"/>, Relu, Linear or ModRelu, or one of the first three normalised.
    /// </param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="initial">The state before the first step, h [n, units]; null for zeros.</param>
    /// <param name="segments">How its time steps are parted to save memory; null, the default, keeps all.</param>
    /// <returns>h_t of every step, [n, T, units].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1.</exception>
    /// <exception cref="ArgumentException">The shapes don't fit, or the cell has gates.</exception>
    public static Variable Rnn(
        Variable x, RecurrentInputs weights, RecurrentCell cell = RecurrentCell.Tanh, int? window = null,
        CarriedState? initial = null, TimeSegments? segments = null)
    {
        if (cell is not (RecurrentCell.Tanh or RecurrentCell.Relu or RecurrentCell.Linear or RecurrentCell.ModRelu
            or RecurrentCell.NormalizedTanh or RecurrentCell.NormalizedRelu or RecurrentCell.NormalizedLinear))
            throw new ArgumentException($"a plain recurrent layer of '{cell}'; expected tanh, relu, linear or modReLU");
        return Recur("rnn", cell, x, weights, window, initial, segments: segments);
    }
}
