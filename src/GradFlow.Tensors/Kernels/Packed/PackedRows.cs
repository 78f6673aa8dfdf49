using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>
/// Vectors at any place of an array. Rows need not be multiples of a vector: reading, the lanes behind a row's end hold
/// whatever lies there, and nobody may use them.
/// </summary>
internal static class PackedRows<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    /// <summary>A vector from a place on; 0 behind the array's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T[] from, int at) => at <= from.Length - V.Count
        ? V.Load(in Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(from), at))
        : LoadPart(from.AsSpan(at));

    /// <summary>Writes all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T[] to, int at, V numbers) =>
        numbers.Store(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(to), at));

    /// <summary>Writes lanes up to a row's end, of which so many places are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T[] to, int at, V numbers, int left)
    {
        if (left >= V.Count) Store(to, at, numbers);
        else StorePart(to.AsSpan(at, left), numbers);
    }

    /// <summary>Where a row's last vector begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LastOf(int length) => (length - 1) / V.Count * V.Count;

    /// <summary>Fewer numbers than a vector has; 0 in the lanes behind them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V LoadPart(ReadOnlySpan<T> from)
    {
        Span<T> all = stackalloc T[V.Count];
        all.Clear();
        from.CopyTo(all);
        return V.Load(in all[0]);
    }

    /// <summary>Writes fewer lanes than there are.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Span<T> to, V numbers)
    {
        Span<T> all = stackalloc T[V.Count];
        numbers.Store(ref all[0]);
        all[..to.Length].CopyTo(to);
    }
}
