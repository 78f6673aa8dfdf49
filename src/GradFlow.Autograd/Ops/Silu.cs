using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x·σ(x), also called swish (Elfwing, Uchibe &amp; Doya 2018); ∂x = ∂y·σ(x)·(1 + x·σ(−x)).
    /// </summary>
    public static Variable Silu(Variable x) =>
        Elementwise("silu", x, Kernels.Silu, (g, x, _, to) => Kernels.SiluBackward(x, g, to));
}
