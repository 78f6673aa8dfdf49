using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = x where x &gt; 0, else slope·x; ∂x = ∂y or slope·∂y (Maas, Hannun &amp; Ng 2013).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="slope">The slope below 0; 0.01 by default, as in PyTorch.</param>
    public static Variable LeakyRelu(Variable x, double slope = 0.01) => Elementwise(
        "leaky-relu", x, slope, Kernels.LeakyRelu,
        (g, x, _, slope, to) => Kernels.LeakyReluBackward(x, slope, g, to));
}
