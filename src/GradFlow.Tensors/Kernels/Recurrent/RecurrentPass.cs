namespace GradFlow.Tensors;

/// <summary>What a way back through a recurrent layer reads and writes.</summary>
/// <param name="PerUnit">The cell's numbers per unit; null without any.</param>
/// <param name="Kept">What the way forward kept.</param>
/// <param name="Output">h of all steps.</param>
/// <param name="Given">∂L/∂h from above, of all steps or of the last ones that have any.</param>
/// <param name="Cotangents">
/// Takes the pre-activations' cotangents; of one step, those of each take the place of the others.
/// </param>
/// <param name="Exponents">Takes the exponent of each chunk and time step.</param>
/// <param name="Window">Time steps after which the gradient is cut, from the end; null for none.</param>
/// <param name="Norms">Takes norms by time step; null where nobody asks.</param>
/// <param name="IsRenormalized">Whether exponents are used at all.</param>
/// <param name="Edges">What lies before the first time step and behind the last; null for nothing.</param>
/// <param name="InitialExponents">Takes each chunk's exponent of what goes to the initial state.</param>
/// <param name="Stretch">Which of the walk's time steps these tensors hold.</param>
internal sealed record RecurrentPass(
    Tensor? PerUnit, Tensor Kept, Tensor Output, Tensor Given, Tensor Cotangents, Tensor Exponents, int? Window,
    RecurrentNorms? Norms, bool IsRenormalized, RecurrentEdges? Edges, Tensor? InitialExponents,
    RecurrentStretch Stretch)
{
    /// <summary>Whether a time step is the first of its window.</summary>
    public bool IsCutBefore(int step, int steps) => Window is { } window && (steps - step) % window == 0;
}
