using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>Some time steps of a recurrent op.</summary>
/// <param name="First">The first of them.</param>
/// <param name="X">What comes in.</param>
/// <param name="Kept">What the cell keeps.</param>
/// <param name="H">The states.</param>
/// <param name="Begun">The state before the first of them; null for zeros.</param>
internal readonly record struct StretchOfSteps(int First, Tensor X, Tensor Kept, Tensor H, RecurrentState? Begun);
