namespace GradFlow.Nn;

/// <summary>What clipping did at a step.</summary>
/// <param name="NormBefore">The norm of all gradients together before.</param>
/// <param name="NormAfter">The same after.</param>
/// <param name="Coefficient">What the gradients were multiplied by; by value: after over before, 1 for 0/0.</param>
public readonly record struct ClipResult(double NormBefore, double NormAfter, double Coefficient);
