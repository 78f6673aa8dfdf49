using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Sums over the numbers of large tensors, which threads share: a stretch each, added up in the order of stretches, so
/// that the bits don't depend on who has summed which.
/// </summary>
/// <param name="size">How many numbers.</param>
/// <param name="of">The sums of a stretch of them.</param>
internal sealed class StretchSums<TSums>(int size, Func<Range, TSums> of) : IChunkedWork
    where TSums : struct, IAdditionOperators<TSums, TSums, TSums>
{
    private readonly TSums[] _parts = new TSums[Stretches.Of(size)];

    public TSums Total()
    {
        Workers.Run(this, _parts.Length);
        TSums total = _parts[0];
        foreach (TSums part in _parts.AsSpan(1)) total += part;
        return total;
    }

    void IChunkedWork.Run(int chunk) => _parts[chunk] = of(Stretches.At(chunk, size));
}
