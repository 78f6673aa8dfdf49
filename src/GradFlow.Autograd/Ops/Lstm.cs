using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Long short-term memory over all time steps (Hochreiter &amp; Schmidhuber 1997; Gers, Schmidhuber &amp; Cummins
    /// 2000): i, f, o = σ(·), g = tanh(·) of W·x_t + b + U·h_{t−1} + b'; c_t = f∘c_{t−1} + i∘g; h_t = o∘tanh c_t, from
    /// the initial state on. Back in time ∂c_t += ∂h_t∘o∘(1 − tanh²c_t), ∂i = ∂c∘g, ∂f = ∂c∘c_{t−1}, ∂g = ∂c∘i, ∂o =
    /// ∂h∘tanh c, each times its slope, ∂c_{t−1} = ∂c_t∘f and ∂h_{t−1} += Uᵀ·∂a_t. With peepholes p (Gers, Schraudolph
    /// &amp; Schmidhuber 2002) p∘c_{t−1} joins what i and f are made of, and p∘c_t what o is.
    /// </summary>
    /// <param name="x">The sequences, [n, T, in].</param>
    /// <param name="weights">
    /// The gates i, f, g, o one below the other: W [4·units, in], U [4·units, units]; the peepholes of i, f, o one
    /// after the other [3·units] as numbers per unit, or none.
    /// </param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="initial">The state before the first step, h [n, units] and c likewise; null for zeros.</param>
    /// <param name="keepsLast">
    /// Whether <see cref="LastState"/> is to be had although no gradient is recorded; it costs memory.
    /// </param>
    /// <param name="segments">How its time steps are parted to save memory; null, the default, keeps all.</param>
    /// <returns>h_t of every step, [n, T, units].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1.</exception>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable Lstm(
        Variable x, RecurrentInputs weights, int? window = null, CarriedState? initial = null, bool keepsLast = false,
        TimeSegments? segments = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        RecurrentCell cell = weights.PerUnit is null ? RecurrentCell.Lstm : RecurrentCell.PeepholeLstm;
        return Recur("lstm", cell, x, weights, window, initial, keepsLast, segments);
    }
}
