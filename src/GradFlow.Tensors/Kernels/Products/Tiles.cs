using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// Covers a strip with register tiles. Rows are shared out evenly, so that tiles differ by at most one row and none is
/// too small to keep the multipliers busy.
/// </summary>
internal static class Tiles<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes all rows of a strip.</summary>
    public static void Multiply(in Strip<T> strip, int rows)
    {
        int tiles = (rows + TLanes.TileRows - 1) / TLanes.TileRows;
        int height = rows / tiles, higher = rows % tiles;
        if (strip.Width > TLanes.Count)
        {
            if (higher > 0) Multiply<Two>(strip, height + 1, 0, higher);
            Multiply<Two>(strip, height, higher * (height + 1), tiles - higher);
        }
        else
        {
            if (higher > 0) Multiply<One>(strip, height + 1, 0, higher);
            Multiply<One>(strip, height, higher * (height + 1), tiles - higher);
        }
    }

    private static void Multiply<TColumns>(in Strip<T> strip, int height, int row, int tiles)
        where TColumns : struct, ICount
    {
        switch (height)
        {
            case 1: Multiply<One, TColumns>(strip, row, tiles); break;
            case 2: Multiply<Two, TColumns>(strip, row, tiles); break;
            case 3: Multiply<Three, TColumns>(strip, row, tiles); break;
            case 4: Multiply<Four, TColumns>(strip, row, tiles); break;
            case 5: Multiply<Five, TColumns>(strip, row, tiles); break;
            case 6: Multiply<Six, TColumns>(strip, row, tiles); break;
            case 7: Multiply<Seven, TColumns>(strip, row, tiles); break;
            case 8: Multiply<Eight, TColumns>(strip, row, tiles); break;
            case 9: Multiply<Nine, TColumns>(strip, row, tiles); break;
            case 10: Multiply<Ten, TColumns>(strip, row, tiles); break;
            case 11: Multiply<Eleven, TColumns>(strip, row, tiles); break;
            case 12: Multiply<Twelve, TColumns>(strip, row, tiles); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows, TColumns>(in Strip<T> strip, int row, int tiles)
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        bool isWhole = strip.Width == TColumns.Value * TLanes.Count;
        for (; tiles > 0; tiles--, row += TRows.Value)
        {
            ref T a = ref Unsafe.AddByteOffset(ref strip.A, row * strip.ARow);
            ref T c = ref Unsafe.AddByteOffset(ref strip.C, row * strip.CRow);
            if (isWhole) Tile<TLanes, TVector, T>.Multiply<TRows, TColumns>(strip, ref a, ref c, strip.CRow);
            else AtEdge<TRows, TColumns>(strip, ref a, ref c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AtEdge<TRows, TColumns>(in Strip<T> strip, ref T a, ref T c)
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        ref T edge = ref strip.Edge;
        int width = TColumns.Value * TLanes.Count;
        if (strip.OntoC)
            for (int i = 0; i < TRows.Value; i++)
                Packing.Copy(ref Row(strip, ref c, i), ref Unsafe.Add(ref edge, i * width), strip.Width);
        Tile<TLanes, TVector, T>.Multiply<TRows, TColumns>(strip, ref a, ref edge, width * Unsafe.SizeOf<T>());
        for (int i = 0; i < TRows.Value; i++)
            Packing.Copy(ref Unsafe.Add(ref edge, i * width), ref Row(strip, ref c, i), strip.Width);
    }

    private static ref T Row(in Strip<T> strip, ref T c, int row) =>
        ref Unsafe.AddByteOffset(ref c, row * strip.CRow);
}
