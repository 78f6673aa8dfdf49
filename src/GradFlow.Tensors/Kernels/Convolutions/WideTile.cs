using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>Tiles of 24 registers of 512 bits, of which there are 32.</summary>
internal sealed class WideTile<T> : ConvolutionTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static int Lanes => Vector512<T>.Count;

    public WideTile()
        : base(Vector512<T>.Count, rows: 8, vectors: 3, correlatedRows: 4, correlatedColumns: 6)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(ref T weights, ref T numbers, ReadOnlySpan<int> offsets, ref T into, int stride)
    {
        Vector512<T> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector512<T> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        Vector512<T> e0 = default, e1 = default, e2 = default, f0 = default, f1 = default, f2 = default;
        Vector512<T> g0 = default, g1 = default, g2 = default, h0 = default, h1 = default, h2 = default;
        foreach (int offset in offsets)
        {
            ref T at = ref Unsafe.Add(ref numbers, offset);
            Vector512<T> x0 = Load(ref at, 0), x1 = Load(ref at, Lanes), x2 = Load(ref at, 2 * Lanes);
            Step(weights, x0, x1, x2, ref a0, ref a1, ref a2);
            Step(Unsafe.Add(ref weights, 1), x0, x1, x2, ref b0, ref b1, ref b2);
            Step(Unsafe.Add(ref weights, 2), x0, x1, x2, ref c0, ref c1, ref c2);
            Step(Unsafe.Add(ref weights, 3), x0, x1, x2, ref d0, ref d1, ref d2);
            Step(Unsafe.Add(ref weights, 4), x0, x1, x2, ref e0, ref e1, ref e2);
            Step(Unsafe.Add(ref weights, 5), x0, x1, x2, ref f0, ref f1, ref f2);
            Step(Unsafe.Add(ref weights, 6), x0, x1, x2, ref g0, ref g1, ref g2);
            Step(Unsafe.Add(ref weights, 7), x0, x1, x2, ref h0, ref h1, ref h2);
            weights = ref Unsafe.Add(ref weights, 8);
        }
        Store(a0, a1, a2, ref into);
        Store(b0, b1, b2, ref Unsafe.Add(ref into, stride));
        Store(c0, c1, c2, ref Unsafe.Add(ref into, 2 * stride));
        Store(d0, d1, d2, ref Unsafe.Add(ref into, 3 * stride));
        Store(e0, e1, e2, ref Unsafe.Add(ref into, 4 * stride));
        Store(f0, f1, f2, ref Unsafe.Add(ref into, 5 * stride));
        Store(g0, g1, g2, ref Unsafe.Add(ref into, 6 * stride));
        Store(h0, h1, h2, ref Unsafe.Add(ref into, 7 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Correlate(
        ref T left, ReadOnlySpan<int> rows, ref T right, ReadOnlySpan<int> columns, int length, ref T sums)
    {
        ref T g0 = ref Unsafe.Add(ref left, rows[0]), g1 = ref Unsafe.Add(ref left, rows[1]);
        ref T g2 = ref Unsafe.Add(ref left, rows[2]), g3 = ref Unsafe.Add(ref left, rows[3]);
        nint c0 = columns[0], c1 = columns[1], c2 = columns[2], c3 = columns[3], c4 = columns[4], c5 = columns[5];
        Vector512<T> s00 = Load(ref sums, 0), s10 = Load(ref sums, 6 * Lanes);
        Vector512<T> s20 = Load(ref sums, 12 * Lanes), s30 = Load(ref sums, 18 * Lanes);
        Vector512<T> s01 = Load(ref sums, Lanes), s11 = Load(ref sums, 7 * Lanes);
        Vector512<T> s21 = Load(ref sums, 13 * Lanes), s31 = Load(ref sums, 19 * Lanes);
        Vector512<T> s02 = Load(ref sums, 2 * Lanes), s12 = Load(ref sums, 8 * Lanes);
        Vector512<T> s22 = Load(ref sums, 14 * Lanes), s32 = Load(ref sums, 20 * Lanes);
        Vector512<T> s03 = Load(ref sums, 3 * Lanes), s13 = Load(ref sums, 9 * Lanes);
        Vector512<T> s23 = Load(ref sums, 15 * Lanes), s33 = Load(ref sums, 21 * Lanes);
        Vector512<T> s04 = Load(ref sums, 4 * Lanes), s14 = Load(ref sums, 10 * Lanes);
        Vector512<T> s24 = Load(ref sums, 16 * Lanes), s34 = Load(ref sums, 22 * Lanes);
        Vector512<T> s05 = Load(ref sums, 5 * Lanes), s15 = Load(ref sums, 11 * Lanes);
        Vector512<T> s25 = Load(ref sums, 17 * Lanes), s35 = Load(ref sums, 23 * Lanes);
        for (nint p = 0; p < length; p += Lanes)
        {
            Vector512<T> v0 = Load(ref g0, p), v1 = Load(ref g1, p), v2 = Load(ref g2, p), v3 = Load(ref g3, p);
            ref T at = ref Unsafe.Add(ref right, p);
            Step(Load(ref at, c0), v0, v1, v2, v3, ref s00, ref s10, ref s20, ref s30);
            Step(Load(ref at, c1), v0, v1, v2, v3, ref s01, ref s11, ref s21, ref s31);
            Step(Load(ref at, c2), v0, v1, v2, v3, ref s02, ref s12, ref s22, ref s32);
            Step(Load(ref at, c3), v0, v1, v2, v3, ref s03, ref s13, ref s23, ref s33);
            Step(Load(ref at, c4), v0, v1, v2, v3, ref s04, ref s14, ref s24, ref s34);
            Step(Load(ref at, c5), v0, v1, v2, v3, ref s05, ref s15, ref s25, ref s35);
        }
        Store(s00, s01, s02, ref sums);
        Store(s03, s04, s05, ref Unsafe.Add(ref sums, 3 * Lanes));
        Store(s10, s11, s12, ref Unsafe.Add(ref sums, 6 * Lanes));
        Store(s13, s14, s15, ref Unsafe.Add(ref sums, 9 * Lanes));
        Store(s20, s21, s22, ref Unsafe.Add(ref sums, 12 * Lanes));
        Store(s23, s24, s25, ref Unsafe.Add(ref sums, 15 * Lanes));
        Store(s30, s31, s32, ref Unsafe.Add(ref sums, 18 * Lanes));
        Store(s33, s34, s35, ref Unsafe.Add(ref sums, 21 * Lanes));
    }

    public override void Sum(ref T registers, Span<T> into)
    {
        for (int i = 0; i < into.Length; i++) into[i] = Vector512.Sum(Load(ref registers, i * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        T weight, Vector512<T> x0, Vector512<T> x1, Vector512<T> x2,
        ref Vector512<T> sum0, ref Vector512<T> sum1, ref Vector512<T> sum2)
    {
        Vector512<T> w = Vector512.Create(weight);
        sum0 = MultiplyAdd(w, x0, sum0);
        sum1 = MultiplyAdd(w, x1, sum1);
        sum2 = MultiplyAdd(w, x2, sum2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Vector512<T> x, Vector512<T> v0, Vector512<T> v1, Vector512<T> v2, Vector512<T> v3,
        ref Vector512<T> sum0, ref Vector512<T> sum1, ref Vector512<T> sum2, ref Vector512<T> sum3)
    {
        sum0 = MultiplyAdd(x, v0, sum0);
        sum1 = MultiplyAdd(x, v1, sum1);
        sum2 = MultiplyAdd(x, v2, sum2);
        sum3 = MultiplyAdd(x, v3, sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(ref T from, nint at) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<T> v0, Vector512<T> v1, Vector512<T> v2, ref T to)
    {
        v0.StoreUnsafe(ref to);
        v1.StoreUnsafe(ref to, (nuint)Lanes);
        v2.StoreUnsafe(ref to, (nuint)(2 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
