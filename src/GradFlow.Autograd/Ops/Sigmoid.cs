using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = 1/(1+e⁻ˣ); ∂x = ∂y·y(1−y).</summary>
    public static Variable Sigmoid(Variable x) =>
        Elementwise("sigmoid", x, Kernels.Sigmoid, (g, _, y, to) => Kernels.SigmoidBackward(y, g, to));
}
