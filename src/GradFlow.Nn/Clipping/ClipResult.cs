namespace GradFlow.Nn;

/// <summary>What clipping did at a step.</summary>
/// <param name="NormBefore">The norm of all gradients together before.</param>
/// <param name="NormAfter">The same after.</param>
/// <param name="Coefficient">
/// What the gradients were multiplied by; where there is no one factor for all: after over before, 1 for 0/0.
/// </param>
public readonly record struct ClipResult(double NormBefore, double NormAfter, double Coefficient)
{
    /// <summary>Where gradients were bounded piece by piece, by the sums of their squares.</summary>
    internal static ClipResult OfSquares(double before, double after) => new(
        Math.Sqrt(before), Math.Sqrt(after), before == 0 || !double.IsFinite(before) ? 1 : Math.Sqrt(after / before));
}
