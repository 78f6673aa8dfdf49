using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = max(x, 0); ∂x = ∂y where x &gt; 0, else 0 (also at 0, as PyTorch has it).</summary>
    public static Variable Relu(Variable x) =>
        Elementwise("relu", x, Kernels.Relu, (g, x, _, to) => Kernels.ReluBackward(x, g, to));
}
