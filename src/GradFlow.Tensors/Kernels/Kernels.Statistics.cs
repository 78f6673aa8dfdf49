using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>Σ |x|.</summary>
    public static double SumOfMagnitudes(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsFloat(x)
            ? TensorPrimitives.SumOfMagnitudes<float>(x.AsSpan<float>())
            : TensorPrimitives.SumOfMagnitudes<double>(x.AsSpan<double>());
    }

    /// <summary>Σ (a − b)², in float64, of two dense tensors of one shape.</summary>
    public static double SumOfSquaredDifferences(Tensor a, Tensor b)
    {
        RequireSameShape(a, b);
        double sum = 0;
        if (IsFloat(a))
        {
            ReadOnlySpan<float> x = a.AsSpan<float>(), y = b.AsSpan<float>();
            for (int i = 0; i < x.Length; i++) sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
            return sum;
        }
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
    /// Adds 1 to counts[e − lowest] for each finite element other than 0, where 2^e ≤ |x| &lt; 2^(e+1); what lies outside
    /// of the counts goes to their ends.
    /// </summary>
    public static void CountExponents(Tensor x, Span<int> counts, int lowest)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (IsFloat(x)) CountExponents<float>(x.AsSpan<float>(), counts, lowest);
        else CountExponents<double>(x.AsSpan<double>(), counts, lowest);
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
