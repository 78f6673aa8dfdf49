namespace GradFlow.Runs.Tests;

/// <summary>A clock that a test moves; timers ring on the thread that moves it.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), period, _now + dueTime);
        _timers.Add(timer);
        return timer;
    }

    internal void Advance(TimeSpan by)
    {
        _now += by;
        foreach (ManualTimer timer in _timers.ToArray()) timer.RingUntil(_now);
    }

    private sealed class ManualTimer(ManualTime time, Action ring, TimeSpan period, DateTimeOffset next) : ITimer
    {
        private DateTimeOffset _next = next;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void RingUntil(DateTimeOffset now)
        {
            for (; _next <= now; _next += period) ring();
        }
    }
}
