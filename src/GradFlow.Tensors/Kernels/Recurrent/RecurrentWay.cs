namespace GradFlow.Tensors;

/// <summary>What a way forward through a recurrent layer reads and writes.</summary>
/// <param name="X">The sequences.</param>
/// <param name="Kept">Takes what the way back needs.</param>
/// <param name="H">Takes h of all steps.</param>
/// <param name="PerUnit">The cell's numbers per unit; null without any.</param>
/// <param name="Initial">The state that the first time step begins with; null for zeros.</param>
internal sealed record RecurrentWay(Tensor X, Tensor Kept, Tensor H, Tensor? PerUnit, RecurrentState? Initial);
