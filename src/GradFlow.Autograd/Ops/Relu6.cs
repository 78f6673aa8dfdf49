using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = min(max(x, 0), 6) (Krizhevsky 2010); ∂x = ∂y where 0 &lt; x &lt; 6, else 0.</summary>
    public static Variable Relu6(Variable x) => Elementwise(
        "relu6", x,
        (from, to) => Kernels.HardTanh(from, 0, 6, to),
        (g, x, _, to) => Kernels.HardTanhBackward(x, 0, 6, g, to));
}
