using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>factor·x; ∂x = factor·∂y.</summary>
    public static Variable Scale(Variable x, double factor) =>
        Elementwise(
            "scale", x, (from, to) => Kernels.Scale(from, factor, to), (g, _, _, to) => Kernels.Scale(g, factor, to));
}
