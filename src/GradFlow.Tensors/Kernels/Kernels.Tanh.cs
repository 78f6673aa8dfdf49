using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    private const double NearLimit = 0.5;

    /// <summary>TensorPrimitives' tanh, except near 0.</summary>
    /// <remarks>
    /// Theirs is 1 − 2/(e^(2x)+1), which near 0 is right to an absolute 10⁻⁸ only: a signal that dies out over many
    /// layers would end in noise and then in exact zeros, where tanh x ≈ x loses nothing.
    /// </remarks>
    private static void Tanh<T>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> buffer = stackalloc T[256];
        for (int start = 0; start < x.Length; start += buffer.Length)
        {
            int count = Math.Min(buffer.Length, x.Length - start);
            ReadOnlySpan<T> part = x.Slice(start, count);
            // Deep in a net that loses its signal all are near 0; in most others some are.
            if (MaxAbs(part) < NearLimit)
            {
                NearTanh(part, into.Slice(start, count));
                continue;
            }
            TensorPrimitives.Tanh(part, buffer);
            SelectTanh(part, buffer, into.Slice(start, count));
        }
    }

    private static void NearTanh<T>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        for (; i <= x.Length - width; i += width) NearTanh(new Vector<T>(x[i..])).CopyTo(into[i..]);
        for (; i < x.Length; i++) into[i] = NearTanh(new Vector<T>(x[i]))[0];
    }

    private static void SelectTanh<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> far, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T limit = T.CreateTruncating(NearLimit);
        var limits = new Vector<T>(limit);
        int i = 0, width = Vector<T>.Count;
        for (; i <= x.Length - width; i += width)
        {
            var v = new Vector<T>(x[i..]);
            Vector<T> isNear = Vector.LessThan(Vector.Abs(v), limits);
            Vector.ConditionalSelect(isNear, NearTanh(v), new Vector<T>(far[i..])).CopyTo(into[i..]);
        }
        for (; i < x.Length; i++) into[i] = T.Abs(x[i]) < limit ? NearTanh(new Vector<T>(x[i]))[0] : far[i];
    }

    /// <summary>
    /// Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))), cut off behind 15 and written as one quotient; for
    /// |x| &lt; ½ it is off by less than 10⁻¹⁷.
    /// </summary>
    private static Vector<T> NearTanh<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> s = x * x;
        Vector<T> above = MultiplyAdd(MultiplyAdd(Repeated<T>(36), s, Repeated<T>(6930)), s, Repeated<T>(270270));
        Vector<T> below = MultiplyAdd(MultiplyAdd(s + Repeated<T>(630), s, Repeated<T>(51975)), s, Repeated<T>(945945));
        Vector<T> last = Repeated<T>(2027025);
        return x * (MultiplyAdd(above, s, last) / MultiplyAdd(below, s, last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Repeated<T>(double value)
        where T : unmanaged, IFloatingPointIeee754<T> => new(T.CreateTruncating(value));
}
