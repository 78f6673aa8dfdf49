using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>Σ |x|.</summary>
    public static double SumOfMagnitudes(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Size == 0) return 0;
        return IsFloat(x)
            ? TensorPrimitives.SumOfMagnitudes<float>(x.AsSpan<float>())
            : TensorPrimitives.SumOfMagnitudes<double>(x.AsSpan<double>());
    }

    /// <summary>
    /// Σ (a − b)² of two dense tensors of one shape; of float32 right to about seven digits at any size.
    /// </summary>
    public static double SumOfSquaredDifferences(Tensor a, Tensor b)
    {
        RequireSameShape(a, b);
        if (a.Size == 0) return 0;
        if (IsFloat(a)) return SumOfSquaredDifferences(a.AsSpan<float>(), b.AsSpan<float>());
        double distance = TensorPrimitives.Distance<double>(a.AsSpan<double>(), b.AsSpan<double>());
        return distance * distance;
    }

    /// <summary>How many elements are exactly 0.</summary>
    public static int CountZeros(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsFloat(x) ? CountZeros(x.AsSpan<float>()) : x.AsSpan<double>().Count(0d);
    }

    /// <summary>By their bits, of which there are two kinds: numbers are compared one by one.</summary>
    private static int CountZeros(ReadOnlySpan<float> x)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(x);
        return bits.Count(0u) + bits.Count(1u << 31);
    }

    /// <summary>
    /// Adds 1 to counts[e − lowest] for each finite element other than 0, where 2^e ≤ |x| &lt; 2^(e+1); what lies
    /// outside of the counts goes to their ends.
    /// </summary>
    public static void CountExponents(Tensor x, Span<int> counts, int lowest)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (IsFloat(x)) CountFloatExponents(x.AsSpan<float>(), counts, lowest);
        else CountExponents<double>(x.AsSpan<double>(), counts, lowest);
    }

    private static double SumOfSquaredDifferences(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Vector512.IsHardwareAccelerated
            ? BlockSums<WidePacked<float>, WidePacked<double>>.SquaredDifferences(a, b)
            : BlockSums<NativePacked<float>, NativePacked<double>>.SquaredDifferences(a, b);

    private static void CountFloatExponents(ReadOnlySpan<float> x, Span<int> counts, int lowest)
    {
        const int Bias = 127;
        Span<int> bins = stackalloc int[ExponentCounts.Bins];
        bins.Clear();
        ExponentCounts.Add(x, bins);
        for (int bin = 1; bin < bins.Length - 1; bin++)
            counts[Math.Clamp(bin - Bias - lowest, 0, counts.Length - 1)] += bins[bin];
        // Bin 0 holds zeros and subnormal numbers, whose exponent lies in their other bits.
        if (bins[0] == 0 || bins[0] == CountZeros(x)) return;
        foreach (float value in x)
        {
            if (value != 0 && float.IsSubnormal(value))
                counts[Math.Clamp(float.ILogB(value) - lowest, 0, counts.Length - 1)]++;
        }
    }

    private static void CountExponents<T>(ReadOnlySpan<T> x, Span<int> counts, int lowest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (T value in x)
        {
            if (value == T.Zero || !T.IsFinite(value)) continue;
            counts[Math.Clamp(T.ILogB(value) - lowest, 0, counts.Length - 1)]++;
        }
    }
}
