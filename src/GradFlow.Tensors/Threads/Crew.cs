namespace GradFlow.Tensors;

/// <summary>The threads behind <see cref="Workers"/>.</summary>
/// <remarks>
/// The caller takes part. Chunks are handed out one by one, so a thread that the system has put aside delays only the
/// chunk that it holds. Between pieces of work a worker spins for some microseconds, as the next piece of a training
/// step is near, and then sleeps. Work that asks for threads while they are taken, also from within a chunk, is done
/// by its caller alone.
/// </remarks>
internal sealed class Crew
{
    private const int Spins = 2000;
    private const long LowHalf = 0xffffffff, NextPiece = 1L << 32;
    private readonly Lock _starting = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lane _aside = new();
    private int _threads = Math.Min(Workers.MostThreads, Environment.ProcessorCount);
    private int _started;
    private int _sleeping;
    private int _isWaking;
    private int _isTaken;
    private IChunkedWork? _work;
    private Exception? _error;
    private int _count;
    private int _finished;

    // The high half numbers the piece of work, the low half its next chunk: a worker that comes late takes nothing.
    private long _next;

    /// <summary>Threads that take part, the caller included.</summary>
    public int Threads
    {
        get => _threads;
        set => _threads = value;
    }

    /// <summary>Does all chunks of some work and returns when the last is done.</summary>
    public void Run(IChunkedWork work, int chunks)
    {
        if (chunks <= 1 || _threads == 1 || Interlocked.Exchange(ref _isTaken, 1) == 1)
        {
            for (int i = 0; i < chunks; i++) work.Run(i);
            return;
        }
        try
        {
            Share(work, chunks);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }

    /// <summary>
    /// Opens the lane, on which work is left to be done beside what follows. Null where there is no other thread, or
    /// where somebody else has it: then the work is to be done at once.
    /// </summary>
    public Lane? OpenLane()
    {
        if (_threads == 1 || !_aside.TryOpen()) return null;
        if (_started < _threads - 1) Start(_threads - 1);
        return _aside;
    }

    /// <summary>Wakes the workers if any sleep.</summary>
    public void WakeUp()
    {
        int asleep = Volatile.Read(ref _sleeping);
        if (asleep > 0 && Interlocked.Exchange(ref _isWaking, 1) == 0) _wake.Release(asleep);
    }

    private void Share(IChunkedWork work, int chunks)
    {
        if (_started < _threads - 1) Start(_threads - 1);
        long piece = (_next & ~LowHalf) + NextPiece;
        (_error, _work, _count) = (null, work, chunks);
        Volatile.Write(ref _finished, 0);
        Interlocked.Exchange(ref _next, piece);
        WakeUp();
        Help(piece);
        for (int i = 0; Volatile.Read(ref _finished) < chunks; i++)
        {
            if (i < Spins) Thread.SpinWait(1);
            else Thread.Yield();
        }
        // Closed before anything about it changes, so that nobody takes a chunk of one piece for one of another.
        Interlocked.Exchange(ref _next, piece + NextPiece | LowHalf >> 1);
        _work = null;
        if (_error is { } error) throw new AggregateException(error);
    }

    /// <summary>Takes chunks of a piece of work until none is left.</summary>
    private void Help(long piece)
    {
        while (true)
        {
            long next = Volatile.Read(ref _next);
            int chunk = (int)(next & LowHalf);
            if (next >> 32 != piece >> 32 || chunk >= _count || _work is not { } work) return;
            if (Interlocked.CompareExchange(ref _next, next + 1, next) != next) continue;
            try
            {
                work.Run(chunk);
            }
            catch (Exception error)
            {
                _error = error;
            }
            Interlocked.Increment(ref _finished);
        }
    }

    private void Start(int workers)
    {
        lock (_starting)
        {
            for (; _started < workers; _started++)
                new Thread(Work) { IsBackground = true, Name = $"gradflow worker {_started + 1}" }.Start(_started + 1);
        }
    }

    private void Work(object? number)
    {
        long seen = 0;
        while (true)
        {
            seen = Await(seen, (int)number!);
            if ((int)number! < Volatile.Read(ref _threads)) Help(seen);
        }
    }

    /// <summary>
    /// Waits until there is another piece of work than the one seen last; meanwhile works off the lane.
    /// </summary>
    private long Await(long seen, int number)
    {
        while (true)
        {
            for (int i = 0; i < Spins; i++)
            {
                long next = Volatile.Read(ref _next);
                if (next >> 32 != seen >> 32) return next;
                if (number < Volatile.Read(ref _threads) && _aside.TryRunNext()) i = 0;
                else Thread.SpinWait(1);
            }
            Interlocked.Increment(ref _sleeping);
            // What was handed out before this thread counted as asleep would wake nobody.
            if (Volatile.Read(ref _next) >> 32 == seen >> 32 && _aside.IsEmpty) _wake.Wait();
            Volatile.Write(ref _isWaking, 0);
            Interlocked.Decrement(ref _sleeping);
        }
    }
}
