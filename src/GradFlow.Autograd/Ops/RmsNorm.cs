using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x/r per row with r² = mean(x²) + ε over its columns (Zhang &amp; Sennrich 2019, eq. 4): layer
    /// normalisation without centring; ∂x = (γ·∂y − x̂·mean(γ·∂y·x̂))/r with x̂ = x/r, ∂γ = Σ ∂y·x̂.
    /// </summary>
    /// <param name="x">[n, f].</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable RmsNorm(Variable x, Variable gain, double epsilon = 1e-5)
    {
        RequireNormShapes(x, gain, null);
        Tape tape = x.Tape;
        Tensor normalized = tape.RentLike(x.Value), inverseRms = tape.Rent(new Shape(x.Shape[0]), x.Value.ElementType);
        Kernels.NormalizeRms(x.Value, epsilon, normalized, inverseRms);
        return RecordNorm("rms-norm", x, gain, null, normalized,
            (g, into) => Kernels.NormalizeRmsBackward(normalized, inverseRms, g, into));
    }
}
