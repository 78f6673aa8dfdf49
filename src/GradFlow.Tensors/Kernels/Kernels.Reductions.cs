using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// The number of the largest entry in each row of x [n, m], the first of equals; NaN counts as largest.
    /// </summary>
    public static int[] LargestInRows(Tensor x)
    {
        RequireMatrix(x);
        return IsFloat(x) ? LargestInRows<float>(x) : LargestInRows<double>(x);
    }

    /// <summary>
    /// Sums over the dimensions that the destination lacks or has with extent 1: the reverse of broadcasting.
    /// </summary>
    public static void SumTo(Tensor x, Tensor into)
    {
        RequireSameType(x, into);
        if (x.Shape.Count == 2 && into.Shape.Count == 1 && into.Size == x.Shape[1] && x.IsContiguous && into.Size > 0)
        {
            if (IsFloat(x)) SumRows<float>(x.AsSpan<float>(), into.AsSpan<float>());
            else SumRows<double>(x.AsSpan<double>(), into.AsSpan<double>());
            return;
        }
        Tensor stretched = into.BroadcastTo(x.Shape);
        FillInPlace(into, 0);
        if (IsFloat(x)) SumTo<float>(x, stretched);
        else SumTo<double>(x, stretched);
    }

    /// <summary>The sum of all elements, added up in float64.</summary>
    public static double Sum(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsFloat(x) ? Sum(x.AsSpan<float>()) : TensorPrimitives.Sum<double>(x.AsSpan<double>());
    }

    /// <summary>The sum of the squares of all elements, in float64, so that no float32 under- or overflows.</summary>
    public static double SumOfSquares(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsFloat(x) ? SumOfSquares<float>(x.AsSpan<float>()) : SumOfSquares<double>(x.AsSpan<double>());
    }

    /// <summary>
    /// log10 of the Frobenius norm: finite however small or large the numbers are, −∞ for exact zeros, NaN or ∞ where a
    /// number is. That of float32 numbers is right to about seven decimals.
    /// </summary>
    public static double Log10Norm(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        double squares = IsFloat(x) ? SquaresInBlocks(x.AsSpan<float>()) : SumOfSquares(x);
        if (IsFloat(x) || squares is > 1e-280 and < double.PositiveInfinity) return 0.5 * Math.Log10(squares);
        // The squares of float64 numbers leave its range long before the numbers do.
        double largest = MaxAbs(x);
        if (largest == 0 || !double.IsFinite(largest)) return Math.Log10(largest);
        int exponent = Math.ILogB(largest);
        double sum = 0;
        foreach (double value in x.AsSpan<double>())
        {
            double scaled = Math.ScaleB(value, -exponent);
            sum += scaled * scaled;
        }
        return 0.5 * Math.Log10(sum) + exponent * Math.Log10(2);
    }

    /// <summary>The inner product over all elements of two dense tensors of one shape, in float64.</summary>
    public static double Dot(Tensor a, Tensor b)
    {
        RequireSameShape(a, b);
        return IsFloat(a)
            ? SumOfProducts(a.AsSpan<float>(), b.AsSpan<float>())
            : TensorPrimitives.Dot<double>(a.AsSpan<double>(), b.AsSpan<double>());
    }

    /// <summary>The largest magnitude; NaN if an element is NaN, 0 for an empty tensor.</summary>
    public static double MaxAbs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Size == 0) return 0;
        if (IsFloat(x) && x.Size >= Stretches.FewestShared) return SharedMaxAbs.Of(x);
        return IsFloat(x)
            ? MaxAbs(x.AsSpan<float>())
            : Math.Abs(TensorPrimitives.MaxMagnitude<double>(x.AsSpan<double>()));
    }

    /// <summary>How many elements are NaN or infinite.</summary>
    public static int CountNonFinite(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        // A sum of squares in float64 is finite for finite float32 elements, and one pass of it costs the least.
        if (IsFloat(x) && double.IsFinite(SumOfSquares(x))) return 0;
        int count = 0;
        if (IsFloat(x)) foreach (float value in x.AsSpan<float>()) count += float.IsFinite(value) ? 0 : 1;
        else foreach (double value in x.AsSpan<double>()) count += double.IsFinite(value) ? 0 : 1;
        return count;
    }

    /// <summary>Σ x², in float64.</summary>
    internal static double SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? SumOfProducts(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(x))
        : TensorPrimitives.SumOfSquares<double>(MemoryMarshal.Cast<T, double>(x));

    private static double Sum(ReadOnlySpan<float> x)
    {
        int i = 0, width = Vector<float>.Count;
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        for (; i <= x.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(x[i..]), out Vector<double> xLow, out Vector<double> xHigh);
            low += xLow;
            high += xHigh;
        }
        double sum = Vector.Sum(low + high);
        for (; i < x.Length; i++) sum += x[i];
        return sum;
    }

    private static double SumOfProducts(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0, width = Vector<float>.Count;
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        for (; i <= a.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> bLow, out Vector<double> bHigh);
            low += aLow * bLow;
            high += aHigh * bHigh;
        }
        double sum = Vector.Sum(low + high);
        for (; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>The largest magnitude of each stretch, and of these; one object per thread.</summary>
    private sealed class SharedMaxAbs : IChunkedWork
    {
        [ThreadStatic]
        private static SharedMaxAbs? _ofThread;

        private Tensor _x = null!;
        private float[] _largest = [];

        public static float Of(Tensor x)
        {
            SharedMaxAbs work = _ofThread ??= new SharedMaxAbs();
            int stretches = Stretches.Of(x.Size);
            (work._x, work._largest) = (x, Scratch<float>.Fourth(stretches));
            Workers.Run(work, stretches);
            work._x = null!;
            return MaxAbs(work._largest.AsSpan(0, stretches));
        }

        public void Run(int chunk) => _largest[chunk] = MaxAbs(_x.AsSpan<float>()[Stretches.At(chunk, _x.Size)]);
    }

    private static void SumTo<T>(Tensor x, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] from = x.Elements<T>(), to = into.Elements<T>();
        int fromStride = InnerStride(x.StrideArray), toStride = InnerStride(into.StrideArray);
        ForEachRow(x.Shape, x.StrideArray, x.Offset, into.StrideArray, into.Offset, (a, b, n) =>
        {
            if (fromStride == 1 && toStride == 1)
                Zip<T, AddF<T>>(to.AsSpan(b, n), from.AsSpan(a, n), to.AsSpan(b, n));
            else if (fromStride == 1 && toStride == 0)
                to[b] += TensorPrimitives.Sum<T>(from.AsSpan(a, n));
            else for (int i = 0; i < n; i++) to[b + i * toStride] += from[a + i * fromStride];
        });
    }

    private static int[] LargestInRows<T>(Tensor x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] largest = new int[x.Shape[0]];
        for (int i = 0; i < largest.Length; i++)
            largest[i] = TensorPrimitives.IndexOfMax<T>(x.AsSpan<T>().Slice(i * x.Shape[1], x.Shape[1]));
        return largest;
    }
}
