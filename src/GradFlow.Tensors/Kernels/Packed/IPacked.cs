using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Numbers that one instruction works on together, as a value with operators: functions that are written over it run at
/// whichever width the processor has, and what is computed for one number doesn't depend on its neighbours.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal interface IPacked<TSelf, T>
    where TSelf : struct, IPacked<TSelf, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many numbers.</summary>
    static abstract int Count { get; }

    /// <summary>Products of rows with a strip of columns, in registers of this width.</summary>
    static abstract void Multiply(in Strip<T> strip, int rows);

    static abstract TSelf Fill(T value);

    static abstract TSelf Load(ref readonly T from);

    /// <summary>As many float32 numbers, as numbers of this kind.</summary>
    static abstract TSelf LoadSingles(ref readonly float from);

    void Store(ref T to);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf x);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Where a ≤ b, one; elsewhere, also at NaN, the other.</summary>
    static abstract TSelf WhereAtMost(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary>The sum of all, in float64.</summary>
    double Total();

    /// <summary>The largest of all; a NaN may be passed over.</summary>
    T Largest();

    /// <summary>2ⁿ from a number whose lowest bits hold the whole number n.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);
}
