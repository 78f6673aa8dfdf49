using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// A part of a matrix product, cut into stretches of k and strips of columns: what the right operand has in one of
/// them stays in the first-level cache while all rows pass by. However it is cut, each element remains one chain in
/// the order of k, so a part has the bits that the whole has.
/// </summary>
/// <remarks>
/// The left operand is read where it lies, whatever its strides, and so is the right one where its columns lie side
/// by side and fill registers; else its strip is packed.
/// </remarks>
internal static class Blocks<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int StripBytes = 32 << 10;

    private static int Size => Unsafe.SizeOf<T>();

    private static int StripWidth => 2 * TLanes.Count;

    private static int LongestStretch => StripBytes / (StripWidth * Size);

    // Of the scratch: the packed strip, then its bias, then room for a tile at the edge.
    private static int BiasAt => LongestStretch * StripWidth;

    private static int EdgeAt => BiasAt + StripWidth;

    /// <summary>Computes the given rows and columns of a product.</summary>
    public static void Multiply(in Product<T> product, int firstRow, int rows, int firstColumn, int columns)
    {
        if (rows == 0 || columns == 0) return;
        T[] scratch = Scratch<T>.Second(EdgeAt + TLanes.TileRows * StripWidth);
        int stretches = Math.Max(1, (product.Depth + LongestStretch - 1) / LongestStretch);
        for (int i = 0, k = 0; i < stretches; i++)
        {
            int depth = (product.Depth - k) / (stretches - i), end = firstColumn + columns;
            Strip<T> strip = Stretch(product, firstRow, k, depth, scratch);
            for (int column = firstColumn; column < end; column += StripWidth)
            {
                strip.Width = Math.Min(StripWidth, end - column);
                strip.C = ref product.C[firstRow, column];
                if (depth > 0) SetColumns(product, k, column, scratch, ref strip);
                if (k + depth == product.Depth) SetBias(product, column, scratch, ref strip);
                Tiles<TLanes, TVector, T>.Multiply(strip, rows);
            }
            k += depth;
        }
    }

    /// <summary>What all strips over a stretch of k have in common.</summary>
    private static Strip<T> Stretch(in Product<T> product, int firstRow, int k, int depth, T[] scratch)
    {
        var strip = new Strip<T>
        {
            ARow = (nint)product.A.Row * Size,
            AStep = (nint)product.A.Column * Size,
            CRow = (nint)product.C.Row * Size,
            Depth = depth,
            OntoC = product.OntoC || k > 0,
        };
        strip.Edge = ref scratch[EdgeAt];
        if (depth > 0) strip.A = ref product.A[firstRow, k];
        return strip;
    }

    private static void SetColumns(in Product<T> product, int k, int column, T[] scratch, ref Strip<T> strip)
    {
        strip.B = ref product.B[k, column];
        strip.BStep = (nint)product.B.Row * Size;
        if (strip.Width % TLanes.Count == 0 && product.B.Column == 1) return;
        int width = strip.Width > TLanes.Count ? StripWidth : TLanes.Count;
        Packing.Pack(
            ref strip.B, product.B.Column, product.B.Row, strip.Width, strip.Depth, ref scratch[0], width);
        strip.B = ref scratch[0];
        strip.BStep = width * Size;
    }

    private static void SetBias(in Product<T> product, int column, T[] scratch, ref Strip<T> strip)
    {
        if (product.Bias is not { } bias) return;
        strip.Bias = ref bias[product.BiasOffset + column];
        if (strip.Width % TLanes.Count == 0) return;
        bias.AsSpan(product.BiasOffset + column, strip.Width).CopyTo(scratch.AsSpan(BiasAt));
        strip.Bias = ref scratch[BiasAt];
    }
}
