using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Counts the binary exponents of a gradient's entries.</summary>
internal static class GradientHistogram
{
    /// <summary>The histogram; null where no entry is finite and other than 0.</summary>
    public static ExponentHistogram? Of(Cotangent cotangent)
    {
        // The exponents of float32, subnormal ones included, span −149 … 127; float64's are cut to ±1100.
        const int Lowest = -1100, Count = 2200;
        Span<int> counts = stackalloc int[Count];
        counts.Clear();
        Kernels.CountExponents(cotangent.Mantissa, counts, Lowest);
        int first = counts.IndexOfAnyExcept(0), last = counts.LastIndexOfAnyExcept(0);
        return first < 0
            ? null
            : new ExponentHistogram(first + Lowest + cotangent.Exponent, counts[first..(last + 1)].ToArray());
    }
}
