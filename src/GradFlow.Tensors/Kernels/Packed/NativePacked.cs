using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>The processor's usual width, 256 or 128 bits, or what stands in for it where there is none.</summary>
internal readonly struct NativePacked<T>(Vector<T> numbers) : IPacked<NativePacked<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector<T> _numbers = numbers;

    public static int Count => Vector<T>.Count;

    public static void Multiply(in Strip<T> strip, int rows)
    {
        if (Vector<T>.Count == Vector256<T>.Count) Tiles<Lanes256<T>, Vector256<T>, T>.Multiply(strip, rows);
        else Tiles<Lanes128<T>, Vector128<T>, T>.Multiply(strip, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> operator +(NativePacked<T> a, NativePacked<T> b) => new(a._numbers + b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> operator -(NativePacked<T> a, NativePacked<T> b) => new(a._numbers - b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> operator *(NativePacked<T> a, NativePacked<T> b) => new(a._numbers * b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> operator /(NativePacked<T> a, NativePacked<T> b) => new(a._numbers / b._numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> Fill(T value) => new(new Vector<T>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> Load(ref readonly T from) => new(Vector.LoadUnsafe(in from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> LoadSingles(ref readonly float from)
    {
        if (typeof(T) == typeof(float)) return new(Vector.LoadUnsafe(in from).As<float, T>());
        return Vector<T>.Count == Vector256<T>.Count
            ? new(Vector256.WidenLower(Vector128.LoadUnsafe(in from).ToVector256Unsafe()).AsVector().As<double, T>())
            : new(Vector128.WidenLower(Vector64.LoadUnsafe(in from).ToVector128Unsafe()).AsVector().As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> Abs(NativePacked<T> x) => new(Vector.Abs(x._numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> MultiplyAdd(NativePacked<T> a, NativePacked<T> b, NativePacked<T> c) =>
        typeof(T) == typeof(float)
        ? new(Vector.FusedMultiplyAdd(
            a._numbers.As<T, float>(), b._numbers.As<T, float>(), c._numbers.As<T, float>()).As<float, T>())
        : new(Vector.FusedMultiplyAdd(
            a._numbers.As<T, double>(), b._numbers.As<T, double>(), c._numbers.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> WhereAtMost(
        NativePacked<T> a, NativePacked<T> b, NativePacked<T> then, NativePacked<T> otherwise) => new(
        Vector.ConditionalSelect(Vector.LessThanOrEqual(a._numbers, b._numbers), then._numbers, otherwise._numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativePacked<T> PowerOfTwo(NativePacked<T> shifted) => typeof(T) == typeof(float)
        ? new((Vector.ShiftLeft(shifted._numbers.As<T, int>(), 23) + new Vector<int>(0x3f800000)).As<int, T>())
        : new((Vector.ShiftLeft(shifted._numbers.As<T, long>(), 52) + new Vector<long>(
            0x3ff0000000000000)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Total() => typeof(T) == typeof(float)
        ? Vector.Sum(Vector.WidenLower(_numbers.As<T, float>()) + Vector.WidenUpper(_numbers.As<T, float>()))
        : Vector.Sum(_numbers.As<T, double>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Largest()
    {
        T largest = _numbers[0];
        for (int i = 1; i < Vector<T>.Count; i++) largest = T.Max(largest, _numbers[i]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to) => _numbers.StoreUnsafe(ref to);
}
