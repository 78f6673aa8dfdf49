using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>512 bits, on processors that have them.</summary>
internal readonly struct WidePacked<T>(Vector512<T> numbers) : IPacked<WidePacked<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector512<T> _numbers = numbers;

    public static int Count => Vector512<T>.Count;

    public static void Multiply(in Strip<T> strip, int rows) =>
        Tiles<Lanes512<T>, Vector512<T>, T>.Multiply(strip, rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> operator +(WidePacked<T> a, WidePacked<T> b) => new(a._numbers + b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> operator -(WidePacked<T> a, WidePacked<T> b) => new(a._numbers - b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> operator *(WidePacked<T> a, WidePacked<T> b) => new(a._numbers * b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> operator /(WidePacked<T> a, WidePacked<T> b) => new(a._numbers / b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> Fill(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> Load(ref readonly T from) => new(Vector512.LoadUnsafe(in from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> LoadSingles(ref readonly float from) => typeof(T) == typeof(float)
        ? new(Vector512.LoadUnsafe(in from).As<float, T>())
        : new(Vector512.WidenLower(Vector256.LoadUnsafe(in from).ToVector512Unsafe()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> Abs(WidePacked<T> x) => new(Vector512.Abs(x._numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> MultiplyAdd(WidePacked<T> a, WidePacked<T> b, WidePacked<T> c) =>
        typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(
            a._numbers.As<T, float>(), b._numbers.As<T, float>(), c._numbers.As<T, float>()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(
            a._numbers.As<T, double>(), b._numbers.As<T, double>(), c._numbers.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> WhereAtMost(
        WidePacked<T> a, WidePacked<T> b, WidePacked<T> then, WidePacked<T> otherwise) => new(
        Vector512.ConditionalSelect(
            Vector512.LessThanOrEqual(a._numbers, b._numbers), then._numbers, otherwise._numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WidePacked<T> PowerOfTwo(WidePacked<T> shifted) => typeof(T) == typeof(float)
        ? new((Vector512.ShiftLeft(shifted._numbers.As<T, int>(), 23) + Vector512.Create(0x3f800000)).As<int, T>())
        : new((Vector512.ShiftLeft(shifted._numbers.As<T, long>(), 52) + Vector512.Create(
            0x3ff0000000000000)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Total() => typeof(T) == typeof(float)
        ? Vector512.Sum(Vector512.WidenLower(_numbers.AsSingle()) + Vector512.WidenUpper(_numbers.AsSingle()))
        : Vector512.Sum(_numbers.AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Largest()
    {
        Vector256<T> half = Vector256.Max(_numbers.GetLower(), _numbers.GetUpper());
        Vector128<T> quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        T largest = quarter[0];
        for (int i = 1; i < Vector128<T>.Count; i++) largest = T.Max(largest, quarter[i]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to) => _numbers.StoreUnsafe(ref to);
}
