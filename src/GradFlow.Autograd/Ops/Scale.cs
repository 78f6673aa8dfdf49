using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>factor·x; ∂x = factor·∂y.</summary>
    public static Variable Scale(Variable x, double factor) =>
        Elementwise("scale", x, factor, Kernels.Scale, (g, _, _, factor, to) => Kernels.Scale(g, factor, to));
}
