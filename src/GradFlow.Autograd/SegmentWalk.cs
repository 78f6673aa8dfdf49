namespace GradFlow.Autograd;

/// <summary>
/// Sees to it that a backward pass finds the segments' results where it walks, one segment after the other.
/// </summary>
/// <param name="tape">The tape that is walked back.</param>
/// <param name="segments">Its segments, in order.</param>
/// <param name="sink">What the walk's ops hand their cotangents to.</param>
internal sealed class SegmentWalk(Tape tape, IReadOnlyList<Segment> segments, CotangentSink sink)
{
    private int _next = segments.Count - 1;
    private Segment? _walked;

    /// <summary>The walk is at a variable, below all that it was at before.</summary>
    public void Pass(Variable variable)
    {
        if (variable.Operation is null) return;
        if (_walked?.Start > variable.Index) End();
        while (_next >= 0 && segments[_next].Start > variable.Index) _next--;
        if (_next < 0 || segments[_next].End <= variable.Index || _walked == segments[_next]) return;
        _walked = segments[_next];
        tape.Recompute(_walked);
        _walked.Users++;
    }

    /// <summary>The walk has left the last segment that it was in.</summary>
    public void End()
    {
        if (_walked is null) return;
        sink.Settle();
        _walked.Users--;
        _walked = null;
    }
}
