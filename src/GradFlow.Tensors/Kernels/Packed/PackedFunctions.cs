using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>Gates and squashing functions on lanes, to within three units of the last place at any argument.</summary>
/// <remarks>
/// Both rest on x = n·ln 2 + r with |r| ≤ ½·ln 2, so that eˣ = 2ⁿ·eʳ, and on the Taylor series of eʳ − 1, whose first
/// term left off is below half a unit of the last place. e²ˣ − 1 keeps tanh x exact to its relative size near 0, where
/// a signal that dies out over many layers lives.
/// </remarks>
internal static class PackedFunctions<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    /// <summary>
    /// 1/(1+e⁻ˣ), in terms of e^−|x|, which neither overflows nor loses what is left of a closed gate.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x)
    {
        V lowest = Number(typeof(T) == typeof(float) ? -87 : -708), negative = V.Fill(T.Zero) - V.Abs(x);
        negative = V.WhereAtMost(negative, lowest, lowest, negative);
        V one = V.Fill(T.One), less = ExpLessOne(negative, out V power), e = V.MultiplyAdd(less, power, power);
        return V.WhereAtMost(x, V.Fill(T.Zero), e, one) / (one + e);
    }

    /// <summary>tanh x = (e²ˣ − 1)/(e²ˣ + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        // Beyond it tanh is ±1 to the last bit.
        V limit = Number(typeof(T) == typeof(float) ? 10 : 20);
        x = V.WhereAtMost(limit, x, limit, x);
        x = V.WhereAtMost(x, V.Fill(T.Zero) - limit, V.Fill(T.Zero) - limit, x);
        V less = ExpLessOne(x + x, out V power), one = V.Fill(T.One);
        less = V.MultiplyAdd(less, power, power - one);
        return less / (less + one + one);
    }

    /// <summary>eˣ of x up to 0 or little above; 0 where it would be below the smallest normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V less = ExpLessOne(x, out V power), lowest = Number(typeof(T) == typeof(float) ? -87 : -708);
        return V.WhereAtMost(x, lowest, V.Fill(T.Zero), V.MultiplyAdd(less, power, power));
    }

    /// <summary>eʳ − 1 and the 2ⁿ that belongs to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpLessOne(V x, out V power)
    {
        bool isSingle = typeof(T) == typeof(float);
        // Added to a number, it leaves the nearest whole number in the lowest bits.
        V rounding = Number(isSingle ? 12582912 : 6755399441055744);
        V shifted = V.MultiplyAdd(x, Number(1.4426950408889634), rounding), n = shifted - rounding;
        V r = V.MultiplyAdd(n, Number(isSingle ? -0.693147182464599609375 : -0.6931471805599453), x);
        r = V.MultiplyAdd(n, Number(isSingle ? 1.904654299957768e-9 : -2.3190468138462996e-17), r);
        power = V.PowerOfTwo(shifted);
        V sum = isSingle ? Number(1 / 5040.0) : HighTerms(r);
        sum = V.MultiplyAdd(sum, r, Number(1 / 720.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 120.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 24.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 6.0));
        sum = V.MultiplyAdd(sum, r, Number(0.5));
        return V.MultiplyAdd(sum * r, r, r);
    }

    /// <summary>1/7! + r/8! + … + r⁶/13!.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HighTerms(V r)
    {
        V sum = Number(1 / 6227020800.0);
        sum = V.MultiplyAdd(sum, r, Number(1 / 479001600.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 39916800.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 3628800.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 362880.0));
        sum = V.MultiplyAdd(sum, r, Number(1 / 40320.0));
        return V.MultiplyAdd(sum, r, Number(1 / 5040.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Number(double value) => V.Fill(T.CreateTruncating(value));
}
