using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>a + b, broadcasting.</summary>
    public static void Add(Tensor a, Tensor b, Tensor into) => Binary<AddF<float>, AddF<double>>(a, b, into);

    /// <summary>a − b, broadcasting.</summary>
    public static void Subtract(Tensor a, Tensor b, Tensor into) =>
        Binary<SubtractF<float>, SubtractF<double>>(a, b, into);

    /// <summary>a · b elementwise, broadcasting.</summary>
    public static void Multiply(Tensor a, Tensor b, Tensor into) =>
        Binary<MultiplyF<float>, MultiplyF<double>>(a, b, into);

    /// <summary>a / b elementwise, broadcasting.</summary>
    public static void Divide(Tensor a, Tensor b, Tensor into) => Binary<DivideF<float>, DivideF<double>>(a, b, into);

    /// <summary>a + b, with b broadcast to a's shape, written to a.</summary>
    public static void AddInPlace(Tensor a, Tensor b) => Binary<AddF<float>, AddF<double>>(a, b, a);

    /// <summary>factor · x. Exact where the factor is a power of two and nothing leaves the range.</summary>
    public static void Scale(Tensor x, double factor, Tensor into)
    {
        RequireSameShape(x, into);
        if (IsFloat(x)) TensorPrimitives.Multiply(x.AsSpan<float>(), (float)factor, into.AsSpan<float>());
        else TensorPrimitives.Multiply(x.AsSpan<double>(), factor, into.AsSpan<double>());
    }

    /// <summary>a + factor · b, for two dense tensors of one shape, written to a.</summary>
    public static void AddScaledInPlace(Tensor a, double factor, Tensor b)
    {
        RequireSameShape(a, b);
        if (IsFloat(a)) AddScaled(a.AsSpan<float>(), (float)factor, b.AsSpan<float>());
        else AddScaled(a.AsSpan<double>(), factor, b.AsSpan<double>());
    }

    /// <summary>x · 2^exponent, exact wherever the result is in range; the exponent may be any size.</summary>
    public static void ScaleByPowerOfTwoInPlace(Tensor x, int exponent)
    {
        ArgumentNullException.ThrowIfNull(x);
        int limit = IsFloat(x) ? 120 : 1000;
        for (int left = exponent, turns = 0; left != 0 && turns < 4; turns++)
        {
            int part = Math.Clamp(left, -limit, limit);
            Scale(x, Math.ScaleB(1, part), x);
            left -= part;
        }
    }

    private static void AddScaled<T>(Span<T> a, T factor, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        var factors = new Vector<T>(factor);
        for (; i <= a.Length - width; i += width)
            (new Vector<T>(a[i..]) + factors * new Vector<T>(b[i..])).CopyTo(a[i..]);
        for (; i < a.Length; i++) a[i] += factor * b[i];
    }

    private static void Binary<TFloat, TDouble>(Tensor a, Tensor b, Tensor into)
        where TFloat : IBinary<float>
        where TDouble : IBinary<double>
    {
        RequireSameType(a, b);
        RequireSameType(a, into);
        if (IsFloat(a)) BroadcastZip<float, TFloat>(a, b, into);
        else BroadcastZip<double, TDouble>(a, b, into);
    }

    private static void BroadcastZip<T, TOperation>(Tensor a, Tensor b, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
    {
        if (a.Shape == b.Shape && a.Shape == into.Shape && a.IsContiguous && b.IsContiguous)
        {
            if (into.Size < Stretches.FewestShared) Zip<T, TOperation>(a.AsSpan<T>(), b.AsSpan<T>(), into.AsSpan<T>());
            else SharedZip<T, TOperation>.Run(a, b, into);
            return;
        }
        ZipStrided<T, TOperation>(a, b, into);
    }

    // Apart from the usual case, which would otherwise pay for what the loop's body is handed.
    private static void ZipStrided<T, TOperation>(Tensor a, Tensor b, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
    {
        Shape shape = Shape.Broadcast(a.Shape, b.Shape);
        if (shape != into.Shape)
            throw new ArgumentException($"the result has shape {shape}, its destination {into.Shape}");
        Tensor x = a.BroadcastTo(shape), y = b.BroadcastTo(shape);
        T[] xs = x.Elements<T>(), ys = y.Elements<T>();
        int xStride = InnerStride(x.StrideArray), yStride = InnerStride(y.StrideArray), at = 0;
        ForEachRow(shape, x.StrideArray, x.Offset, y.StrideArray, y.Offset, (i, j, n) =>
        {
            Span<T> to = into.AsSpan<T>().Slice(at, n);
            at += n;
            Zip<T, TOperation>(new Strided<T>(xs, i, xStride), new Strided<T>(ys, j, yStride), to);
        });
    }

    /// <summary>One object per thread, so that a steady state allocates nothing.</summary>
    private sealed class SharedZip<T, TOperation> : IChunkedWork
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
    {
        [ThreadStatic]
        private static SharedZip<T, TOperation>? _ofThread;

        private Tensor _a = null!;
        private Tensor _b = null!;
        private Tensor _into = null!;

        public static void Run(Tensor a, Tensor b, Tensor into)
        {
            SharedZip<T, TOperation> work = _ofThread ??= new SharedZip<T, TOperation>();
            (work._a, work._b, work._into) = (a, b, into);
            Workers.Run(work, Stretches.Of(into.Size));
            (work._a, work._b, work._into) = (null!, null!, null!);
        }

        public void Run(int chunk)
        {
            Range stretch = Stretches.At(chunk, _into.Size);
            Zip<T, TOperation>(_a.AsSpan<T>()[stretch], _b.AsSpan<T>()[stretch], _into.AsSpan<T>()[stretch]);
        }
    }

    private readonly struct AddF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : struct, IPacked<V, T> => a + b;
    }

    private readonly struct SubtractF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : struct, IPacked<V, T> => a - b;
    }

    private readonly struct MultiplyF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : struct, IPacked<V, T> => a * b;
    }

    private readonly struct DivideF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : struct, IPacked<V, T> => a / b;
    }
}
