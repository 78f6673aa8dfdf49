namespace GradFlow.Tensors;

/// <summary>What a recurrent layer hands from one time step to the next.</summary>
/// <param name="H">h, [n, units].</param>
/// <param name="Cell">c of an LSTM, likewise; null of any other cell.</param>
/// <param name="Past">
/// The states before h that connections which skip s time steps still need, in time, [n, s − 1, units]; null for zeros,
/// or where nothing skips.
/// </param>
public readonly record struct RecurrentState(Tensor H, Tensor? Cell = null, Tensor? Past = null);
