using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x between the bounds, else the nearer of them (Collobert 2004); ∂x = ∂y between them, else 0, also on them as
    /// PyTorch has it.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="min">The smallest value; −1 by default, as in PyTorch.</param>
    /// <param name="max">The largest value, above the smallest; 1 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest value isn't above the smallest.</exception>
    public static Variable HardTanh(Variable x, double min = -1, double max = 1) => Clamp("hard-tanh", x, min, max);

    private static Variable Clamp(string name, Variable x, double min, double max)
    {
        if (!(min < max))
            throw new ArgumentOutOfRangeException(nameof(max), $"bounds {min} and {max}; expected the second above the first");
        return Elementwise(
            name, x,
            (from, to) => Kernels.HardTanh(from, min, max, to),
            (g, x, _, to) => Kernels.HardTanhBackward(x, min, max, g, to));
    }
}
