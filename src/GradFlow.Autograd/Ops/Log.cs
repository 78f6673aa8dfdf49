using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = ln x; ∂x = ∂y/x.</summary>
    public static Variable Log(Variable x) =>
        Elementwise("log", x, Kernels.Log, (g, x, _, to) => Kernels.Divide(g, x, to));
}
