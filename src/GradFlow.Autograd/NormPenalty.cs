using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The vanishing-gradient regulariser Ω of a plain recurrent layer (Pascanu, Mikolov &amp; Bengio 2013, eq. 9 and 10):
/// λ·mean (‖∂L/∂a_t·U·diag(φ'(a_{t−1}))‖²/‖∂L/∂a_t‖² − 1)², the mean over samples and time steps t ≥ 1. It asks that
/// the gradient keep its norm from a time step to the one before, in the direction that it has. Its derivative is the
/// immediate one: ∂L/∂a_t and a_{t−1} count as constants, so that it reaches U alone. Mutable: the way back sets
/// <see cref="Value"/>.
/// </summary>
/// <remarks>
/// Steps that no gradient reaches don't count, nor those before which truncation cuts it: so the mean, rather than the
/// paper's sum, keeps λ independent of the length.
/// </remarks>
/// <param name="factor">λ, at least 0; 4 in the paper's experiment with temporal order.</param>
public sealed class NormPenalty(double factor)
{
    /// <summary>Below that share of the largest, float32 has no direction left; norms like this don't count.</summary>
    private const double LeastNorm = 1e-30;

    /// <summary>λ.</summary>
    public double Factor { get; } = double.IsFinite(factor) && factor >= 0
        ? factor
        : throw new ArgumentOutOfRangeException(nameof(factor), factor, "must be finite and at least 0");

    /// <summary>Ω of the walk back, without λ; summed over the ops that use U; 0 before.</summary>
    public double Value { get; private set; }

    /// <summary>Makes ∂⁺(λ·Ω)/∂U and adds to Ω; null where no step counts.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="cell">φ.</param>
    /// <param name="weight">U, [units, units].</param>
    /// <param name="a">∂L/∂a_t up to a power of two, [n, T, units].</param>
    /// <param name="h">The states, likewise.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    internal Tensor? Gradient(Tape tape, RecurrentCell cell, Tensor weight, Tensor a, Tensor h, int? window)
    {
        int steps = a.Shape[1], units = a.Shape[2], pairs = a.Shape[0] * steps - 1;
        if (pairs < 1) return null;
        var flat = new Shape(pairs + 1, units);
        Tensor later = a.Reshape(flat).Slice(0, 1, pairs), before = h.Reshape(flat).Slice(0, 0, pairs);
        Tensor norms = tape.Rent(new Shape(pairs), a.ElementType), scales = tape.RentLike(norms);
        Kernels.RowNorms(later, norms);
        double count = Count(norms, scales, steps, window);
        if (count == 0) return null;
        Tensor directions = tape.RentLike(later), carried = tape.RentLike(later);
        Kernels.ScaleRows(later, scales, norms, directions);
        Kernels.MatMul(directions, weight, carried);
        MultiplySlopes(cell, before, carried);
        Weigh(carried, norms, scales, count);
        Kernels.ScaleRows(directions, scales, norms, directions);
        MultiplySlopes(cell, before, carried);
        Tensor gradient = tape.RentLike(weight);
        Kernels.MatMul(directions.Transpose(), carried, gradient);
        foreach (Tensor rented in new[] { norms, scales, directions, carried }) tape.Pool.Return(rented);
        return gradient;
    }

    /// <summary>Sets the scale of rows that count to 1, of others to 0, whose norm is then no divisor.</summary>
    private static int Count(Tensor norms, Tensor scales, int steps, int? window)
    {
        int count = 0;
        for (int i = 0; i < norms.Size; i++)
        {
            int t = (i + 1) % steps;
            bool isCut = t == 0 || (window is { } length && (steps - t) % length == 0);
            bool counts = !isCut && norms[i] >= LeastNorm;
            scales[i] = counts ? 1 : 0;
            if (counts) count++;
            else norms[i] = 1;
        }
        return count;
    }

    private static void MultiplySlopes(RecurrentCell cell, Tensor h, Tensor x)
    {
        if (cell == RecurrentCell.Tanh) Kernels.TanhBackward(h, x, x);
        else if (cell == RecurrentCell.Relu) Kernels.ReluBackward(h, x, x);
    }

    /// <summary>Adds up Ω and leaves each row's share of its derivative in the scales, over norms of 1.</summary>
    private void Weigh(Tensor carried, Tensor norms, Tensor scales, double count)
    {
        Kernels.RowNorms(carried, norms);
        for (int i = 0; i < norms.Size; i++)
        {
            double excess = norms[i] * norms[i] - 1;
            if (scales[i] != 0)
            {
                Value += excess * excess / count;
                scales[i] = 4 * Factor * excess / count;
            }
            norms[i] = 1;
        }
    }
}
