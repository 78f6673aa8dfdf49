using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GradFlow.Tensors;

/// <summary>
/// Numbers that are needed soon, fetched into the caches meanwhile; where that can't be asked for, nothing.
/// </summary>
internal static class CacheLines
{
    /// <summary>Bytes that are fetched at once.</summary>
    public const int Bytes = 64;

    /// <summary>What the second-level cache of most processors holds, in bytes.</summary>
    private const int SecondLevel = 1 << 20;

    /// <summary>Whether so many numbers, all used again after all others, are in the caches no more by then.</summary>
    public static unsafe bool ExceededBy<T>(int numbers)
        where T : unmanaged => (long)numbers * sizeof(T) > SecondLevel;

    /// <summary>Asks for the lines that hold some numbers, without waiting for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        // An address may be asked for that is no longer the array's: nothing is read from it.
        byte* from = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(numbers));
        for (int at = 0; at < numbers.Length * sizeof(T); at += Bytes) Sse.Prefetch0(from + at);
    }
}
