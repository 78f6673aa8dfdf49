namespace GradFlow.Tensors;

/// <summary>
/// The threads that share one training step's arithmetic. They belong to the process, as its processor cores do; how
/// many they are changes how long a step takes and never a bit of what it computes.
/// </summary>
/// <remarks>
/// The caller takes part. Chunks are handed out one by one, so a thread that the system has put aside delays only the
/// chunk that it holds. Between pieces of work a worker spins for some microseconds, as the next piece of a training
/// step is near, and then sleeps. Work that asks for threads while they are taken, also from within a chunk, is done
/// by its caller alone.
/// </remarks>
public static class Workers
{
    private const int MostThreads = 64;
    private const int Spins = 2000;
    private const long LowHalf = 0xffffffff, NextPiece = 1L << 32;
    private static readonly Lock Starting = new();
    private static readonly SemaphoreSlim Wake = new(0);
    private static readonly Lane Aside = new();
    private static int _threads = Math.Min(MostThreads, Environment.ProcessorCount);
    private static int _started;
    private static int _sleeping;
    private static int _isWaking;
    private static int _isTaken;
    private static IChunkedWork? _work;
    private static Exception? _error;
    private static int _count;
    private static int _finished;

    // The high half numbers the piece of work, the low half its next chunk: a worker that comes late takes nothing.
    private static long _next;

    /// <summary>Threads that take part, the caller included; by default one per core.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above 64.</exception>
    public static int Threads
    {
        get => _threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostThreads);
            _threads = value;
        }
    }

    /// <summary>Does all chunks of some work and returns when the last is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="chunks">Into how many chunks it falls.</param>
    /// <exception cref="AggregateException">A chunk has thrown; the others may not have been done.</exception>
    public static void Run(IChunkedWork work, int chunks)
    {
        ArgumentNullException.ThrowIfNull(work);
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
    internal static Lane? OpenLane()
    {
        if (_threads == 1 || !Aside.TryOpen()) return null;
        if (_started < _threads - 1) Start(_threads - 1);
        return Aside;
    }

    /// <summary>Wakes the workers if any sleep.</summary>
    internal static void WakeUp()
    {
        int asleep = Volatile.Read(ref _sleeping);
        if (asleep > 0 && Interlocked.Exchange(ref _isWaking, 1) == 0) Wake.Release(asleep);
    }

    private static void Share(IChunkedWork work, int chunks)
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
    private static void Help(long piece)
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

    private static void Start(int workers)
    {
        lock (Starting)
        {
            for (; _started < workers; _started++)
                new Thread(Work) { IsBackground = true, Name = $"gradflow worker {_started + 1}" }.Start(_started + 1);
        }
    }

    private static void Work(object? number)
    {
        long seen = 0;
        while (true)
        {
            seen = Await(seen, (int)number!);
            if ((int)number! < Volatile.Read(ref _threads)) Help(seen);
        }
    }

    /// <summary>Waits until there is another piece of work than the one seen last; meanwhile works off the lane.</summary>
    private static long Await(long seen, int number)
    {
        while (true)
        {
            for (int i = 0; i < Spins; i++)
            {
                long next = Volatile.Read(ref _next);
                if (next >> 32 != seen >> 32) return next;
                if (number < Volatile.Read(ref _threads) && Aside.TryRunNext()) i = 0;
                else Thread.SpinWait(1);
            }
            Interlocked.Increment(ref _sleeping);
            // What was handed out before this thread counted as asleep would wake nobody.
            if (Volatile.Read(ref _next) >> 32 == seen >> 32 && Aside.IsEmpty) Wake.Wait();
            Volatile.Write(ref _isWaking, 0);
            Interlocked.Decrement(ref _sleeping);
        }
    }
}
