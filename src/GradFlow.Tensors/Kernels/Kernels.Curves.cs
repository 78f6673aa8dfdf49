using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>An activation φ as arithmetic on vectors of inputs, around one exponential where it has one.</summary>
    private interface ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>False where φ needs no exponential.</summary>
        static abstract bool HasExponential { get; }

        /// <summary>What e is raised to; at most 0, so that it can't overflow.</summary>
        Vector<T> Exponent(Vector<T> x);

        /// <summary>φ(x).</summary>
        Vector<T> Value(Vector<T> x, Vector<T> exponential);

        /// <summary>g·φ'(x).</summary>
        Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g);
    }

    private static void Follow<TFloat, TDouble>(TFloat single, TDouble twofold, Tensor x, Tensor into)
        where TFloat : struct, ICurve<float>
        where TDouble : struct, ICurve<double>
    {
        RequireSameShape(x, into);
        if (IsFloat(x)) Follow(single, x.AsSpan<float>(), [], into.AsSpan<float>());
        else Follow(twofold, x.AsSpan<double>(), [], into.AsSpan<double>());
    }

    private static void FollowBack<TFloat, TDouble>(TFloat single, TDouble twofold, Tensor x, Tensor g, Tensor into)
        where TFloat : struct, ICurve<float>
        where TDouble : struct, ICurve<double>
    {
        RequireSameShape(x, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) Follow(single, x.AsSpan<float>(), g.AsSpan<float>(), into.AsSpan<float>());
        else Follow(twofold, x.AsSpan<double>(), g.AsSpan<double>(), into.AsSpan<double>());
    }

    /// <summary>φ of each element, or g·φ' where there is a g.</summary>
    /// <remarks>
    /// The last elements are worked on in a whole vector too, together with leftovers that nobody reads, so that a
    /// result doesn't depend on where in an array its number stands.
    /// </remarks>
    private static void Follow<T, TCurve>(TCurve curve, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TCurve : struct, ICurve<T>
    {
        Span<T> inputs = stackalloc T[256], exponentials = stackalloc T[256], cotangents = stackalloc T[256];
        for (int start = 0, count; start < x.Length; start += count)
        {
            count = Math.Min(inputs.Length, x.Length - start);
            x.Slice(start, count).CopyTo(inputs);
            if (TCurve.HasExponential) Exponentials(curve, inputs, exponentials, count);
            if (g.Length > 0)
            {
                g.Slice(start, count).CopyTo(cotangents);
                PullAll(curve, inputs, exponentials, cotangents, count);
            }
            else ValueAll(curve, inputs, exponentials, count);
            inputs[..count].CopyTo(into[start..]);
        }
    }

    private static void Exponentials<T, TCurve>(TCurve curve, Span<T> inputs, Span<T> exponentials, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TCurve : struct, ICurve<T>
    {
        for (int i = 0; i < count; i += Vector<T>.Count)
            curve.Exponent(new Vector<T>(inputs[i..])).CopyTo(exponentials[i..]);
        // A multiple of any vector's width, as the few numbers of a rest would be rounded otherwise.
        Span<T> whole = exponentials[..((count + 31) & ~31)];
        TensorPrimitives.Exp<T>(whole, whole);
    }

    private static void ValueAll<T, TCurve>(TCurve curve, Span<T> inputs, Span<T> exponentials, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TCurve : struct, ICurve<T>
    {
        for (int i = 0; i < count; i += Vector<T>.Count)
            curve.Value(new Vector<T>(inputs[i..]), new Vector<T>(exponentials[i..])).CopyTo(inputs[i..]);
    }

    private static void PullAll<T, TCurve>(
        TCurve curve, Span<T> inputs, Span<T> exponentials, Span<T> cotangents, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TCurve : struct, ICurve<T>
    {
        for (int i = 0; i < count; i += Vector<T>.Count)
        {
            var e = new Vector<T>(exponentials[i..]);
            curve.Pull(new Vector<T>(inputs[i..]), e, new Vector<T>(cotangents[i..])).CopyTo(inputs[i..]);
        }
    }

    /// <summary>1/(1+e⁻ˣ), given e^(−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Logistic<T>(Vector<T> x, Vector<T> exponential)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), exponential, Vector<T>.One)
            / (Vector<T>.One + exponential);

    /// <summary>eˣ − 1 of x ≤ 0, given eˣ; near 0 by 2t/(1−t) with t = tanh(x/2), where nothing cancels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> ExpMinusOne<T>(Vector<T> x, Vector<T> exponential)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> t = NearTanh(x * Repeated<T>(0.5));
        Vector<T> isNear = Vector.GreaterThan(x, Repeated<T>(-0.5));
        return Vector.ConditionalSelect(isNear, (t + t) / (Vector<T>.One - t), exponential - Vector<T>.One);
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
