using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>The α of <see cref="Selu"/> (Klambauer et al. 2017, eq. 14).</summary>
    public const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>The λ of <see cref="Selu"/> (Klambauer et al. 2017, eq. 14).</summary>
    public const double SeluScale = 1.0507009873554804934193349852946;

    /// <summary>
    /// y = λx where x &gt; 0, else λα·(eˣ − 1), with the α and λ for which N(0, 1) stays N(0, 1) through layers of
    /// weights of variance 1/fan-in; ∂x = λ·∂y or λα·eˣ·∂y (Klambauer et al. 2017).
    /// </summary>
    public static Variable Selu(Variable x) => Elementwise(
        "selu", x,
        (from, to) => Kernels.Elu(from, SeluAlpha, SeluScale, to),
        (g, x, _, to) => Kernels.EluBackward(x, SeluAlpha, SeluScale, g, to));
}
