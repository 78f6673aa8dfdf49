namespace GradFlow.Tensors;

/// <summary>What a recurrent layer hands from one time step to the next.</summary>
/// <param name="H">h, [n, units].</param>
/// <param name="Cell">c of an LSTM, likewise; null of any other cell.</param>
public readonly record struct RecurrentState(Tensor H, Tensor? Cell = null);
