namespace GradFlow.Tensors;

/// <summary>
/// Work that is left to be done beside what its owner does next, first come first served, such as a weight's gradient
/// beside the way back through the layers below. One owner at a time; workers and, when it waits, the owner take from
/// it.
/// </summary>
internal sealed class Lane
{
    private const int Capacity = 1024;
    private readonly IChunkedWork[] _ring = new IChunkedWork[Capacity];
    private Exception? _error;
    private int _isOpen;
    private int _first;
    private int _end;
    private int _done;

    /// <summary>True where nothing waits to be taken.</summary>
    public bool IsEmpty => Volatile.Read(ref _first) == Volatile.Read(ref _end);

    /// <summary>Makes the caller the owner, unless there is one.</summary>
    public bool TryOpen() => Interlocked.Exchange(ref _isOpen, 1) == 0;

    /// <summary>Leaves work on the lane; where it is full, does it at once.</summary>
    public void Post(IChunkedWork work)
    {
        if (_end - Volatile.Read(ref _first) >= Capacity)
        {
            work.Run(0);
            return;
        }
        _ring[_end & (Capacity - 1)] = work;
        Volatile.Write(ref _end, _end + 1);
        Workers.WakeUp();
    }

    /// <summary>Takes the work that has waited longest and does it; false where none waits.</summary>
    public bool TryRunNext()
    {
        int first = Volatile.Read(ref _first);
        if (first == Volatile.Read(ref _end)) return false;
        // Read before it is claimed: until then its place isn't given to other work.
        IChunkedWork work = _ring[first & (Capacity - 1)];
        if (Interlocked.CompareExchange(ref _first, first + 1, first) != first) return true;
        try
        {
            work.Run(0);
        }
        catch (Exception error)
        {
            _error = error;
        }
        Interlocked.Increment(ref _done);
        return true;
    }

    /// <summary>Helps until all is done, and gives the lane up.</summary>
    /// <exception cref="AggregateException">Work on it has thrown.</exception>
    public void Close()
    {
        while (TryRunNext())
        {
            // The owner has nothing better to do now.
        }
        var spin = new SpinWait();
        while (Volatile.Read(ref _done) != _end) spin.SpinOnce(sleep1Threshold: -1);
        Exception? error = Interlocked.Exchange(ref _error, null);
        Volatile.Write(ref _isOpen, 0);
        if (error is not null) throw new AggregateException(error);
    }
}
