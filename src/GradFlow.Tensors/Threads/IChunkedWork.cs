namespace GradFlow.Tensors;

/// <summary>
/// Work that falls into independent chunks. Which numbers a chunk computes follows from shapes alone, never from how
/// many threads there are, so that the bits don't either.
/// </summary>
public interface IChunkedWork
{
    /// <summary>Does one chunk; may be called from any thread, once for each chunk.</summary>
    /// <param name="chunk">Which one, from 0.</param>
    void Run(int chunk);
}
