namespace GradFlow.Tensors;

/// <summary>
/// Things, such as parameters, in shares that are worth a thread's while, for what is done to each alone. A share is a
/// stretch of neighbours with about 65,536 numbers in all.
/// </summary>
/// <typeparam name="T">The things.</typeparam>
public sealed class Shares<T> : IChunkedWork
{
    private const int NumbersPerShare = 1 << 16;
    private readonly IReadOnlyList<T> _things;
    private readonly Action<T> _action;
    private readonly List<int> _ends = [];

    /// <summary>Divides the things.</summary>
    /// <param name="things">All of them; the list must stay as it is.</param>
    /// <param name="size">How many numbers one holds.</param>
    /// <param name="action">What is done to each; called for different ones at the same time.</param>
    public Shares(IReadOnlyList<T> things, Func<T, int> size, Action<T> action)
    {
        ArgumentNullException.ThrowIfNull(things);
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(action);
        (_things, _action) = (things, action);
        long numbers = 0;
        for (int i = 0; i < things.Count; i++)
        {
            numbers += size(things[i]);
            if (numbers < NumbersPerShare && i < things.Count - 1) continue;
            _ends.Add(i + 1);
            numbers = 0;
        }
    }

    /// <summary>Does it to all, with as many threads as there are.</summary>
    /// <exception cref="AggregateException">It has thrown; to others it may not have been done.</exception>
    public void Run() => Workers.Run(this, _ends.Count);

    /// <inheritdoc/>
    public void Run(int chunk)
    {
        for (int i = chunk == 0 ? 0 : _ends[chunk - 1]; i < _ends[chunk]; i++) _action(_things[i]);
    }
}
