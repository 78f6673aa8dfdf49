using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// Long short-term memory (Hochreiter &amp; Schmidhuber 1997) with a forget gate (Gers, Schmidhuber &amp; Cummins
/// 2000), as PyTorch's <c>nn.LSTM</c>: i, f, o = σ(·), g = tanh(·) of W·x_t + b + U·h_{t−1} + b'; c_t = f∘c_{t−1} +
/// i∘g; h_t = o∘tanh c_t. On its way from c_t to c_{t−1} the gradient passes the forget gate alone.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="parameters">
/// The gates i, f, g, o one below the other: W [4·units, in], U [4·units, units]; the peepholes of i, f and o (Gers,
/// Schraudolph &amp; Schmidhuber 2002) as numbers per unit [3·units], or none.
/// </param>
/// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
public sealed class Lstm(string name, RecurrentParameters parameters, int? window = null)
    : Recurrent(name, "lstm", parameters, window)
{
    /// <summary>Gates and candidates.</summary>
    public const int Gates = 4;

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments) =>
        Ops.Lstm(x, weights, Window, initial, keepsLast, segments);
}
