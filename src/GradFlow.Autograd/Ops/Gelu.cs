using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = x·Φ(x), exact (Hendrycks \&amp; Gimpel 2016); ∂x = ∂y·(Φ(x) + x·φ(x)).</summary>
    public static Variable Gelu(Variable x) =>
        Elementwise("gelu", x, Kernels.Gelu, (g, x, _, to) => Kernels.GeluBackward(x, g, to));
}
