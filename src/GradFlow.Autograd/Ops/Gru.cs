using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The gated recurrent unit over all time steps (Cho et al. 2014): r, z = σ(·) of W·x_t + b + U·h_{t−1} + b';
    /// n = tanh(W·x_t + b + r∘(U·h_{t−1} + b')); h_t = (1−z)∘n + z∘h_{t−1}, from the initial state on. Back in time
    /// ∂n = ∂h∘(1−z), ∂z = ∂h∘(h_{t−1} − n), ∂r = ∂n∘(1−n²)∘(U·h_{t−1} + b'), each times its slope, and
    /// ∂h_{t−1} = ∂h_t∘z plus what comes through U.
    /// </summary>
    /// <param name="x">The sequences, [n, T, in].</param>
    /// <param name="weights">
    /// The gates r, z and the candidate n one below the other: W [3·units, in], U [3·units, units].
    /// </param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="initial">The state before the first step, h [n, units]; null for zeros.</param>
    /// <param name="segments">How its time steps are parted to save memory; null, the default, keeps all.</param>
    /// <returns>h_t of every step, [n, T, units].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1.</exception>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable Gru(
        Variable x, RecurrentInputs weights, int? window = null, CarriedState? initial = null,
        TimeSegments? segments = null) =>
        Recur("gru", RecurrentCell.Gru, x, weights, window, initial, segments: segments);
}
