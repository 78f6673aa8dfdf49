using System.Runtime.Intrinsics.X86;

namespace GradFlow.Tensors;

/// <summary>
/// What is read or written next, fetched into the caches bit by bit while multiply-adds keep the processor busy. The
/// numbers of a step fit no cache, so the copies between tiles would wait for memory.
/// </summary>
/// <param name="first">What is needed first; may be empty.</param>
/// <param name="second">What is needed after that; may be empty.</param>
internal ref struct Ahead<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second)
    where T : unmanaged
{
    private const int LinesPerTile = 24;
    private ReadOnlySpan<T> _first = first;
    private ReadOnlySpan<T> _second = second;

    /// <summary>Fetches as much as a tile of multiply-adds hides.</summary>
    public void Fetch()
    {
        _first = Fetched(_first);
        _second = Fetched(_second);
    }

    private static unsafe ReadOnlySpan<T> Fetched(ReadOnlySpan<T> next)
    {
        if (!Sse.IsSupported || next.IsEmpty) return default;
        int length = Math.Min(next.Length, LinesPerTile * CacheLines.Bytes / sizeof(T));
        CacheLines.Fetch(next[..length]);
        return next[length..];
    }
}
