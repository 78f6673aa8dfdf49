using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// The innermost part of a matrix product: a tile of up to twelve rows by one or two registers of columns, kept in
/// registers over a whole stretch of k.
/// </summary>
/// <remarks>
/// Elements of a are broadcast one by one, so a may have any strides. Rows are addressed from every third one, with
/// one or two row distances added: so a dozen of them takes six integer registers.
/// </remarks>
internal static class Tile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>c = a·b + bias, or c + a·b + bias; each element one chain of multiply-adds in the order of k.</summary>
    /// <param name="strip">What the tiles of one strip of columns have in common.</param>
    /// <param name="a">The tile's first element of a.</param>
    /// <param name="c">Where the tile goes.</param>
    /// <param name="cRow">Bytes to the next row there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TRows, TColumns>(in Strip<T> strip, ref T a, ref T c, nint cRow)
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        TVector l0 = default, r0 = default, l1 = default, r1 = default, l2 = default, r2 = default;
        TVector l3 = default, r3 = default, l4 = default, r4 = default, l5 = default, r5 = default;
        TVector l6 = default, r6 = default, l7 = default, r7 = default, l8 = default, r8 = default;
        TVector l9 = default, r9 = default, l10 = default, r10 = default, l11 = default, r11 = default;
        nint aRow = strip.ARow, aRow2 = 2 * aRow, cRow2 = 2 * cRow, aStep = strip.AStep, bStep = strip.BStep;
        ref T c0 = ref c;
        ref T c3 = ref Unsafe.AddByteOffset(ref c0, cRow + cRow2);
        ref T c6 = ref Unsafe.AddByteOffset(ref c3, cRow + cRow2);
        ref T c9 = ref Unsafe.AddByteOffset(ref c6, cRow + cRow2);
        if (strip.OntoC)
        {
            Load<TColumns>(ref c0, out l0, out r0);
            if (TRows.Value > 1) Load<TColumns>(ref Unsafe.AddByteOffset(ref c0, cRow), out l1, out r1);
            if (TRows.Value > 2) Load<TColumns>(ref Unsafe.AddByteOffset(ref c0, cRow2), out l2, out r2);
            if (TRows.Value > 3) Load<TColumns>(ref c3, out l3, out r3);
            if (TRows.Value > 4) Load<TColumns>(ref Unsafe.AddByteOffset(ref c3, cRow), out l4, out r4);
            if (TRows.Value > 5) Load<TColumns>(ref Unsafe.AddByteOffset(ref c3, cRow2), out l5, out r5);
            if (TRows.Value > 6) Load<TColumns>(ref c6, out l6, out r6);
            if (TRows.Value > 7) Load<TColumns>(ref Unsafe.AddByteOffset(ref c6, cRow), out l7, out r7);
            if (TRows.Value > 8) Load<TColumns>(ref Unsafe.AddByteOffset(ref c6, cRow2), out l8, out r8);
            if (TRows.Value > 9) Load<TColumns>(ref c9, out l9, out r9);
            if (TRows.Value > 10) Load<TColumns>(ref Unsafe.AddByteOffset(ref c9, cRow), out l10, out r10);
            if (TRows.Value > 11) Load<TColumns>(ref Unsafe.AddByteOffset(ref c9, cRow2), out l11, out r11);
        }
        ref T b = ref strip.B;
        ref T a0 = ref a;
        ref T a3 = ref Unsafe.AddByteOffset(ref a0, aRow + aRow2);
        ref T a6 = ref Unsafe.AddByteOffset(ref a3, aRow + aRow2);
        ref T a9 = ref Unsafe.AddByteOffset(ref a6, aRow + aRow2);
        for (int k = strip.Depth; k > 0; k--)
        {
            Load<TColumns>(ref b, out TVector left, out TVector right);
            Step<TColumns>(a0, left, right, ref l0, ref r0);
            if (TRows.Value > 1) Step<TColumns>(Unsafe.AddByteOffset(ref a0, aRow), left, right, ref l1, ref r1);
            if (TRows.Value > 2) Step<TColumns>(Unsafe.AddByteOffset(ref a0, aRow2), left, right, ref l2, ref r2);
            if (TRows.Value > 3) Step<TColumns>(a3, left, right, ref l3, ref r3);
            if (TRows.Value > 4) Step<TColumns>(Unsafe.AddByteOffset(ref a3, aRow), left, right, ref l4, ref r4);
            if (TRows.Value > 5) Step<TColumns>(Unsafe.AddByteOffset(ref a3, aRow2), left, right, ref l5, ref r5);
            if (TRows.Value > 6) Step<TColumns>(a6, left, right, ref l6, ref r6);
            if (TRows.Value > 7) Step<TColumns>(Unsafe.AddByteOffset(ref a6, aRow), left, right, ref l7, ref r7);
            if (TRows.Value > 8) Step<TColumns>(Unsafe.AddByteOffset(ref a6, aRow2), left, right, ref l8, ref r8);
            if (TRows.Value > 9) Step<TColumns>(a9, left, right, ref l9, ref r9);
            if (TRows.Value > 10) Step<TColumns>(Unsafe.AddByteOffset(ref a9, aRow), left, right, ref l10, ref r10);
            if (TRows.Value > 11) Step<TColumns>(Unsafe.AddByteOffset(ref a9, aRow2), left, right, ref l11, ref r11);
            b = ref Unsafe.AddByteOffset(ref b, bStep);
            a0 = ref Unsafe.AddByteOffset(ref a0, aStep);
            if (TRows.Value > 3) a3 = ref Unsafe.AddByteOffset(ref a3, aStep);
            if (TRows.Value > 6) a6 = ref Unsafe.AddByteOffset(ref a6, aStep);
            if (TRows.Value > 9) a9 = ref Unsafe.AddByteOffset(ref a9, aStep);
        }
        if (!Unsafe.IsNullRef(ref strip.Bias))
        {
            Load<TColumns>(ref strip.Bias, out TVector left, out TVector right);
            Add<TColumns>(left, right, ref l0, ref r0);
            if (TRows.Value > 1) Add<TColumns>(left, right, ref l1, ref r1);
            if (TRows.Value > 2) Add<TColumns>(left, right, ref l2, ref r2);
            if (TRows.Value > 3) Add<TColumns>(left, right, ref l3, ref r3);
            if (TRows.Value > 4) Add<TColumns>(left, right, ref l4, ref r4);
            if (TRows.Value > 5) Add<TColumns>(left, right, ref l5, ref r5);
            if (TRows.Value > 6) Add<TColumns>(left, right, ref l6, ref r6);
            if (TRows.Value > 7) Add<TColumns>(left, right, ref l7, ref r7);
            if (TRows.Value > 8) Add<TColumns>(left, right, ref l8, ref r8);
            if (TRows.Value > 9) Add<TColumns>(left, right, ref l9, ref r9);
            if (TRows.Value > 10) Add<TColumns>(left, right, ref l10, ref r10);
            if (TRows.Value > 11) Add<TColumns>(left, right, ref l11, ref r11);
        }
        Store<TColumns>(l0, r0, ref c0);
        if (TRows.Value > 1) Store<TColumns>(l1, r1, ref Unsafe.AddByteOffset(ref c0, cRow));
        if (TRows.Value > 2) Store<TColumns>(l2, r2, ref Unsafe.AddByteOffset(ref c0, cRow2));
        if (TRows.Value > 3) Store<TColumns>(l3, r3, ref c3);
        if (TRows.Value > 4) Store<TColumns>(l4, r4, ref Unsafe.AddByteOffset(ref c3, cRow));
        if (TRows.Value > 5) Store<TColumns>(l5, r5, ref Unsafe.AddByteOffset(ref c3, cRow2));
        if (TRows.Value > 6) Store<TColumns>(l6, r6, ref c6);
        if (TRows.Value > 7) Store<TColumns>(l7, r7, ref Unsafe.AddByteOffset(ref c6, cRow));
        if (TRows.Value > 8) Store<TColumns>(l8, r8, ref Unsafe.AddByteOffset(ref c6, cRow2));
        if (TRows.Value > 9) Store<TColumns>(l9, r9, ref c9);
        if (TRows.Value > 10) Store<TColumns>(l10, r10, ref Unsafe.AddByteOffset(ref c9, cRow));
        if (TRows.Value > 11) Store<TColumns>(l11, r11, ref Unsafe.AddByteOffset(ref c9, cRow2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TColumns>(ref T from, out TVector left, out TVector right)
        where TColumns : struct, ICount
    {
        left = TLanes.Load(ref from, 0);
        right = TColumns.Value > 1 ? TLanes.Load(ref from, TLanes.Count) : left;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TColumns>(T a, TVector bLeft, TVector bRight, ref TVector left, ref TVector right)
        where TColumns : struct, ICount
    {
        TVector row = TLanes.Broadcast(a);
        left = TLanes.MultiplyAdd(row, bLeft, left);
        if (TColumns.Value > 1) right = TLanes.MultiplyAdd(row, bRight, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TColumns>(TVector biasLeft, TVector biasRight, ref TVector left, ref TVector right)
        where TColumns : struct, ICount
    {
        left = TLanes.Add(left, biasLeft);
        if (TColumns.Value > 1) right = TLanes.Add(right, biasRight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(TVector left, TVector right, ref T to)
        where TColumns : struct, ICount
    {
        TLanes.Store(left, ref to, 0);
        if (TColumns.Value > 1) TLanes.Store(right, ref to, TLanes.Count);
    }
}
