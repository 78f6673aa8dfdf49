using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>What a recurrent layer hands from one time step to the next, on a tape.</summary>
/// <param name="H">h, [n, units].</param>
/// <param name="Cell">c of an LSTM, likewise; null of any other cell.</param>
/// <param name="Past">
/// The states before h that connections which skip s time steps still need, in time, dense, [n, s − 1, units]; null for
/// zeros, or where nothing skips. No gradient passes them.
/// </param>
public sealed record CarriedState(Variable H, Variable? Cell = null, Tensor? Past = null)
{
    internal RecurrentState Values => new(Dense(H), Cell is null ? null : Dense(Cell), Past);

    internal IEnumerable<Variable> All => new[] { H, Cell }.OfType<Variable>();

    private static Tensor Dense(Variable part) => part.Value.IsContiguous ? part.Value : part.Value.Clone();
}
