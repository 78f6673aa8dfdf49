using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = ½x·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³), which is GELU to within 10⁻³ (Hendrycks &amp; Gimpel
    /// 2016); ∂x = ∂y·(½(1 + tanh u) + ½x·(1 − tanh²u)·u').
    /// </summary>
    public static Variable GeluTanh(Variable x) =>
        Elementwise("gelu", x, Kernels.GeluTanh, (g, x, _, to) => Kernels.GeluTanhBackward(x, g, to));
}
