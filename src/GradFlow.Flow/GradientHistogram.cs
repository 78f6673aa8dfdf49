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
        (int lowest, int bins) = cotangent.Mantissa.ElementType == ElementType.Float32 ? (-149, 277) : (-1100, 2200);
        Span<int> counts = stackalloc int[bins];
        counts.Clear();
        Kernels.CountExponents(cotangent.Mantissa, counts, lowest);
        int first = counts.IndexOfAnyExcept(0), last = counts.LastIndexOfAnyExcept(0);
        return first < 0
            ? null
            : new ExponentHistogram(first + lowest + cotangent.Exponent, counts[first..(last + 1)].ToArray());
    }
}
