using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The gated recurrent unit (Cho et al. 2014), as PyTorch's <c>nn.GRU</c>: r, z = σ(·) of W·x_t + b + U·h_{t−1} + b';
/// n = tanh(W·x_t + b + r∘(U·h_{t−1} + b')); h_t = (1−z)∘n + z∘h_{t−1}. The update gate z carries the state on.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="parameters">
/// The gates r, z and the candidate n one below the other: W [3·units, in], U [3·units, units].
/// </param>
/// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
public sealed class Gru(string name, RecurrentParameters parameters, int? window = null)
    : Recurrent(name, "gru", parameters, window)
{
    /// <summary>Gates and candidates.</summary>
    public const int Gates = 3;

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments) =>
        Ops.Gru(x, weights, Window, initial, segments);
}
