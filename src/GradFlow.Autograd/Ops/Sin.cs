using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = sin x; ∂x = ∂y·cos x. Gradient checks bend results with it.</summary>
    public static Variable Sin(Variable x) =>
        Elementwise("sin", x, Kernels.Sin, (g, x, _, to) => Kernels.SinBackward(x, g, to));
}
