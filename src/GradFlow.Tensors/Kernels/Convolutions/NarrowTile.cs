using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>Tiles of 8 registers of whatever width the processor has, for those with 16 of them.</summary>
internal sealed class NarrowTile<T> : ConvolutionTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public NarrowTile()
        : base(Vector<T>.Count, rows: 4, vectors: 2, correlatedRows: 2, correlatedColumns: 4)
    {
    }

    private static int Lanes => Vector<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(ref T weights, ref T numbers, ReadOnlySpan<int> offsets, ref T into, int stride)
    {
        Vector<T> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector<T> c0 = default, c1 = default, d0 = default, d1 = default;
        foreach (int offset in offsets)
        {
            ref T at = ref Unsafe.Add(ref numbers, offset);
            Vector<T> x0 = Load(ref at, 0), x1 = Load(ref at, Lanes);
            Step(new Vector<T>(weights), x0, x1, ref a0, ref a1);
            Step(new Vector<T>(Unsafe.Add(ref weights, 1)), x0, x1, ref b0, ref b1);
            Step(new Vector<T>(Unsafe.Add(ref weights, 2)), x0, x1, ref c0, ref c1);
            Step(new Vector<T>(Unsafe.Add(ref weights, 3)), x0, x1, ref d0, ref d1);
            weights = ref Unsafe.Add(ref weights, 4);
        }
        Store(a0, a1, ref into);
        Store(b0, b1, ref Unsafe.Add(ref into, stride));
        Store(c0, c1, ref Unsafe.Add(ref into, 2 * stride));
        Store(d0, d1, ref Unsafe.Add(ref into, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Correlate(
        ref T left, ReadOnlySpan<int> rows, ref T right, ReadOnlySpan<int> columns, int length, ref T sums)
    {
        ref T g0 = ref Unsafe.Add(ref left, rows[0]), g1 = ref Unsafe.Add(ref left, rows[1]);
        nint c0 = columns[0], c1 = columns[1], c2 = columns[2], c3 = columns[3];
        Vector<T> s00 = Load(ref sums, 0), s01 = Load(ref sums, Lanes), s02 = Load(ref sums, 2 * Lanes);
        Vector<T> s03 = Load(ref sums, 3 * Lanes), s10 = Load(ref sums, 4 * Lanes), s11 = Load(ref sums, 5 * Lanes);
        Vector<T> s12 = Load(ref sums, 6 * Lanes), s13 = Load(ref sums, 7 * Lanes);
        for (nint p = 0; p < length; p += Lanes)
        {
            Vector<T> v0 = Load(ref g0, p), v1 = Load(ref g1, p);
            ref T at = ref Unsafe.Add(ref right, p);
            Step(Load(ref at, c0), v0, v1, ref s00, ref s10);
            Step(Load(ref at, c1), v0, v1, ref s01, ref s11);
            Step(Load(ref at, c2), v0, v1, ref s02, ref s12);
            Step(Load(ref at, c3), v0, v1, ref s03, ref s13);
        }
        Store(s00, s01, ref sums);
        Store(s02, s03, ref Unsafe.Add(ref sums, 2 * Lanes));
        Store(s10, s11, ref Unsafe.Add(ref sums, 4 * Lanes));
        Store(s12, s13, ref Unsafe.Add(ref sums, 6 * Lanes));
    }

    public override void Sum(ref T registers, Span<T> into)
    {
        for (int i = 0; i < into.Length; i++) into[i] = Vector.Sum(Load(ref registers, i * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector<T> a, Vector<T> b0, Vector<T> b1, ref Vector<T> sum0, ref Vector<T> sum1)
    {
        sum0 = Kernels.MultiplyAdd(a, b0, sum0);
        sum1 = Kernels.MultiplyAdd(a, b1, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load(ref T from, nint at) => Vector.LoadUnsafe(ref Unsafe.Add(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<T> v0, Vector<T> v1, ref T to)
    {
        v0.StoreUnsafe(ref to);
        v1.StoreUnsafe(ref to, (nuint)Lanes);
    }
}
