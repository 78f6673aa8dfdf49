using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>Copies one sample into the layout of a <see cref="ConvolutionPlan"/> and out of it.</summary>
internal static class PlaneCopies
{
    /// <summary>Images [c, h, w] into padded planes, whose padding was cleared before.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="images">The images, or what they are made of.</param>
    /// <param name="rectified">How they are made, max(0, …); null where they are there. For simple layouts.</param>
    /// <param name="padded">The planes.</param>
    public static void Pad<T>(ConvolutionPlan plan, ReadOnlySpan<T> images, ChannelNorm? rectified, Span<T> padded)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = plan.How.Groups * plan.Inputs, size = plan.Height * plan.Width;
        if (rectified is not null)
        {
            for (int channel = 0; channel < channels; channel++)
                RectifyRows(
                    images.Slice(channel * size, size), rectified, channel,
                    padded[(channel * plan.ChannelSize + plan.Margin)..], plan);
            return;
        }
        for (int channel = 0; channel < channels; channel++)
            for (int i = 0; i < plan.Planes.Length; i++)
                PadPlane(
                    plan, plan.Planes[i], images.Slice(channel * size, size),
                    padded.Slice(channel * plan.ChannelSize + i * plan.PlaneSize, plan.PlaneSize));
    }

    /// <summary>
    /// Rows from one place to another, each a few registers, the last of which overlaps the one before it: calls of the
    /// library's copy would cost as much as the copies.
    /// </summary>
    /// <param name="from">The first row.</param>
    /// <param name="fromStride">Numbers from one row to the next.</param>
    /// <param name="to">Where the first row goes.</param>
    /// <param name="toStride">Numbers from one row to the next there.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Numbers of a row.</param>
    public static void CopyRows<T>(
        ReadOnlySpan<T> from, int fromStride, Span<T> to, int toStride, int rows, int width)
        where T : unmanaged
    {
        if (rows == 0) return;
        ref T source = ref MemoryMarshal.GetReference(from[..((rows - 1) * fromStride + width)]);
        ref T target = ref MemoryMarshal.GetReference(to[..((rows - 1) * toStride + width)]);
        for (int row = 0; row < rows; row++)
        {
            if (width >= Vector<T>.Count)
            {
                nuint last = (nuint)(width - Vector<T>.Count);
                for (nuint i = 0; i < last; i += (nuint)Vector<T>.Count)
                    Vector.LoadUnsafe(ref source, i).StoreUnsafe(ref target, i);
                Vector.LoadUnsafe(ref source, last).StoreUnsafe(ref target, last);
            }
            else from.Slice(row * fromStride, width).CopyTo(to[(row * toStride)..]);
            source = ref Unsafe.Add(ref source, fromStride);
            target = ref Unsafe.Add(ref target, toStride);
        }
    }

    /// <summary>The rows of one channel's image, normalised and rectified on the way to its plane.</summary>
    private static void RectifyRows<T>(
        ReadOnlySpan<T> from, ChannelNorm norm, int channel, Span<T> to, ConvolutionPlan plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (T mu, T slope, T offset) = norm.Of<T>(channel);
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (int row = 0; row < plan.Height; row++)
        {
            ReadOnlySpan<T> x = from.Slice(row * plan.Width, plan.Width);
            Span<T> into = to.Slice(row * plan.RowLength, plan.Width);
            int i = 0, last = x.Length - Vector<T>.Count;
            for (; i < last; i += Vector<T>.Count)
                Kernels.Rectified((new Vector<T>(x[i..]) - centre) * slopes + offsets).CopyTo(into[i..]);
            if (last >= 0)
                Kernels.Rectified((new Vector<T>(x[last..]) - centre) * slopes + offsets).CopyTo(into[last..]);
            else for (; i < x.Length; i++) into[i] = Kernels.Rectified((x[i] - mu) * slope + offset);
        }
    }

    /// <summary>Adds what lies in rows of one channel's plane to the image, of which it is the padded copy.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="plane">The plane.</param>
    /// <param name="firstRow">The plane's row with which the numbers begin.</param>
    /// <param name="rows">The numbers.</param>
    /// <param name="image">[h, w].</param>
    public static void AddTo<T>(ConvolutionPlan plan, Plane plane, int firstRow, ReadOnlySpan<T> rows, Span<T> image)
        where T : unmanaged, INumberBase<T>
    {
        Window along = plan.How.Columns;
        if (plan.IsSimple)
        {
            CopyRows(rows[along.Padding..], plan.RowLength, image, plan.Width, plan.Height, plan.Width);
            return;
        }
        for (int at = 0, q = firstRow; at < rows.Length; at += plan.RowLength, q++)
        {
            if (Row(plan, plane, q) is not { } row) continue;
            ReadOnlySpan<T> from = rows.Slice(at, plan.RowLength);
            Span<T> to = image.Slice(row * plan.Width, plan.Width);
            for (int x = 0; x < from.Length; x++)
            {
                int column = x * along.Stride + plane.Column - along.Padding;
                if (plan.How.IsCircular) column = Turned(column, plan.Width);
                if ((uint)column < (uint)plan.Width) to[column] += from[x];
            }
        }
    }

    /// <summary>Cotangents [c, h, w] of the result between zeros, which were cleared before.</summary>
    public static void Spread<T>(ConvolutionPlan plan, ReadOnlySpan<T> cotangents, Span<T> spread)
        where T : unmanaged
    {
        int channels = plan.How.Groups * plan.Outputs, width = plan.OutWidth;
        for (int channel = 0; channel < channels; channel++)
            CopyRows(
                cotangents[(channel * plan.OutHeight * width)..], width,
                spread[(channel * plan.CotangentSize + plan.Front)..], plan.RowLength, plan.OutHeight, width);
    }

    /// <summary>The image's row that lies in a plane's row; null for padding with zeros.</summary>
    private static int? Row(ConvolutionPlan plan, Plane plane, int q)
    {
        int row = q * plan.How.Rows.Stride + plane.Row - plan.How.Rows.Padding;
        if (plan.How.IsCircular) return Turned(row, plan.Height);
        return (uint)row < (uint)plan.Height ? row : null;
    }

    private static void PadPlane<T>(ConvolutionPlan plan, Plane plane, ReadOnlySpan<T> image, Span<T> padded)
        where T : unmanaged
    {
        if (plan.IsSimple)
        {
            CopyRows(image, plan.Width, padded[plan.Margin..], plan.RowLength, plan.Height, plan.Width);
            return;
        }
        for (int at = 0, q = 0; at < padded.Length; at += plan.RowLength, q++)
            if (Row(plan, plane, q) is { } row)
                PadRow(plan, plane, image.Slice(row * plan.Width, plan.Width), padded.Slice(at, plan.RowLength));
    }

    private static void PadRow<T>(ConvolutionPlan plan, Plane plane, ReadOnlySpan<T> row, Span<T> padded)
        where T : unmanaged
    {
        Window along = plan.How.Columns;
        for (int x = 0; x < padded.Length; x++)
        {
            int column = x * along.Stride + plane.Column - along.Padding;
            if (plan.How.IsCircular) column = Turned(column, plan.Width);
            if ((uint)column < (uint)plan.Width) padded[x] = row[column];
        }
    }

    private static int Turned(int at, int extent) => (at % extent + extent) % extent;
}
