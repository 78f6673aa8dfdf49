using System.Numerics;
using System.Numerics.Tensors;

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

    /// <summary>Σ (a − b)², in float64, of two dense tensors of one shape.</summary>
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
        return IsFloat(x) ? x.AsSpan<float>().Count(0f) : x.AsSpan<double>().Count(0d);
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

    private static double SumOfSquaredDifferences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0, width = Vector<float>.Count;
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        for (; i <= a.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> bLow, out Vector<double> bHigh);
            low += (aLow - bLow) * (aLow - bLow);
            high += (aHigh - bHigh) * (aHigh - bHigh);
        }
        double sum = Vector.Sum(low + high);
        for (; i < a.Length; i++) sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }

    /// <summary>
    /// Reads the exponent bits; two tables, since neighbours often share a bin and would wait for each other.
    /// </summary>
    private static void CountFloatExponents(ReadOnlySpan<float> x, Span<int> counts, int lowest)
    {
        const int Bins = 256, Bias = 127;
        Span<int> even = stackalloc int[Bins], odd = stackalloc int[Bins];
        even.Clear();
        odd.Clear();
        int i = 0;
        for (; i < x.Length - 1; i += 2)
        {
            even[(BitConverter.SingleToInt32Bits(x[i]) >> 23) & 255]++;
            odd[(BitConverter.SingleToInt32Bits(x[i + 1]) >> 23) & 255]++;
        }
        if (i < x.Length) even[(BitConverter.SingleToInt32Bits(x[i]) >> 23) & 255]++;
        for (int bin = 1; bin < Bins - 1; bin++)
            counts[Math.Clamp(bin - Bias - lowest, 0, counts.Length - 1)] += even[bin] + odd[bin];
        // Bin 0 holds zeros and subnormal numbers, whose exponent lies in their other bits.
        if (even[0] + odd[0] == x.Count(0f)) return;
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
