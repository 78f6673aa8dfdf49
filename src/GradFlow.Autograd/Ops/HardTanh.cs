using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x between the bounds, else the nearer of them (Collobert 2004); ∂x = ∂y between them, else 0, also on them
    /// as PyTorch has it.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="min">The smallest value; −1 by default, as in PyTorch.</param>
    /// <param name="max">The largest value, above the smallest; 1 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest value isn't above the smallest.</exception>
    public static Variable HardTanh(Variable x, double min = -1, double max = 1)
    {
        if (!(min < max))
            throw new ArgumentOutOfRangeException(
                nameof(max), $"bounds {min} and {max}; expected the second above the first");
        // Methods that capture no numbers are the same objects at each step, so that the op is kept from step to step.
        return (min, max) == (-1, 1)
            ? Elementwise(
                "hard-tanh", x,
                (from, to) => Kernels.HardTanh(from, -1, 1, to),
                (g, x, _, to) => Kernels.HardTanhBackward(x, -1, 1, g, to))
            : Elementwise(
                "hard-tanh", x,
                (from, to) => Kernels.HardTanh(from, min, max, to),
                (g, x, _, to) => Kernels.HardTanhBackward(x, min, max, g, to));
    }
}
