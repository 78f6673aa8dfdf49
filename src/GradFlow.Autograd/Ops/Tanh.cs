using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = tanh x; ∂x = ∂y·(1−y²).</summary>
    public static Variable Tanh(Variable x) =>
        Elementwise("tanh", x, Kernels.Tanh, (g, _, y, to) => Kernels.TanhBackward(y, g, to));
}
