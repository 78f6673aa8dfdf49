using GradFlow.Tensors;

namespace GradFlow.Autograd;

public sealed partial class Tape
{
    private readonly List<Segment> _segments = [];
    private bool _isInsideSegment;

    /// <summary>
    /// True while a segment of <see cref="Checkpoint"/> is computed again: what a layer keeps from batch to batch, such
    /// as running means, has been brought up to date before.
    /// </summary>
    public bool IsRecomputing => _trace?.IsReplaying == true;

    /// <summary>
    /// True where some results may have to be computed again when they are asked for, which lets go of others: their
    /// <see cref="Variable.Value"/> is then good until the next is asked for.
    /// </summary>
    public bool IsCheckpointed => _segments.Count > 0;

    /// <summary>
    /// Applies a function of which the input and the result alone stay in memory (Chen et al. 2016, "Training deep nets
    /// with sublinear memory cost"). What lies in between goes back to the pool when the next segment begins, and is
    /// computed again, once, where the way back comes to it. A net of n layers in √n segments of √n layers thus needs
    /// memory for some 2√n results, and one more forward pass. So do T time steps in √T segments of √T steps, of which
    /// each takes the state of the one before and gives its own (<see cref="Ops.LastState"/>).
    /// </summary>
    /// <remarks>
    /// All numbers are the same bits as without. Whoever watches sees the same graph; an inner result whose
    /// <see cref="Variable.Value"/> is asked for is computed again with its segment. A segment inside of another is
    /// part of that one.
    /// </remarks>
    /// <param name="x">The input, on this tape.</param>
    /// <param name="segment">
    /// Records the same ops each time: random choices are keyed, as those of layers are, and nothing else is changed
    /// while <see cref="IsRecomputing"/>. What it makes isn't used outside of it, but for its result.
    /// </param>
    /// <returns>What the function returns.</returns>
    /// <exception cref="ArgumentException">The input lies on another tape.</exception>
    /// <exception cref="InvalidOperationException">
    /// Later: an inner result is used outside of the segment, or the segment makes other ops when it is computed again.
    /// </exception>
    public Variable Checkpoint(Variable x, Func<Variable, Variable> segment)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(segment);
        if (x.Tape != this) throw new ArgumentException("the input lies on another tape", nameof(x));
        if (_isInsideSegment || IsRecomputing) return segment(x);
        LetGoUnused();
        var stretch = new Segment(x, segment, _scope, Variables.Count);
        _segments.Add(stretch);
        Variable y = Inside(stretch);
        Close(stretch, y);
        return y;
    }

    /// <summary>Computes what was let go of the segment that a variable lies inside of.</summary>
    internal void Recompute(Variable variable)
    {
        if (_trace is not null) Recompute(variable.Segment!);
    }

    /// <summary>
    /// Computes what was let go of the segment that a variable was made in, be it the segment's result, which stays
    /// itself while what its op has kept goes.
    /// </summary>
    internal void RecomputeOrigin(Variable variable)
    {
        if (_trace is null) return;
        if (_segments.Find(segment => segment.Start <= variable.Index && variable.Index < segment.End) is { } origin)
            Recompute(origin);
    }

    /// <summary>Computes what was let go of a segment; those that nobody needs any more are let go for it.</summary>
    internal void Recompute(Segment segment)
    {
        if (segment.IsThere) return;
        LetGoUnused();
        (string scope, int before) = (_scope, Trace.Again);
        segment.Users++;
        (_scope, Trace.Again) = (segment.Scope, segment.Start);
        try
        {
            Inside(segment);
            if (Trace.Again < segment.End) Trace.Diverge(Pool);
            ComputePending();
            segment.IsThere = true;
        }
        finally
        {
            segment.Users--;
            (_scope, Trace.Again) = (scope, before);
        }
    }

    private Variable Inside(Segment segment)
    {
        (List<(Tensor, int)> rented, bool isInside) = (_rented, _isInsideSegment);
        (_rented, _isInsideSegment) = (segment.Rented, true);
        try
        {
            return segment.Function(segment.Input);
        }
        finally
        {
            (_rented, _isInsideSegment) = (rented, isInside);
        }
    }

    private void Close(Segment segment, Variable output)
    {
        segment.Close(output, Variables.Count);
        output.Force();
        for (int i = segment.Start; i < segment.End; i++)
            if (Variables[i] != output && Variables[i].Parameter is null) Variables[i].Enclose(segment);
        // What the result lies in, or shares with others, stays as long as the tape.
        bool IsKept((Tensor Tensor, int) rented) => rented.Tensor.Storage == output.Unforced.Storage;
        _rented.AddRange(segment.Rented.Where(IsKept));
        segment.Rented.RemoveAll(IsKept);
    }

    private void LetGoUnused()
    {
        ComputePending();
        foreach (Segment segment in _segments)
            if (segment is { IsThere: true, Users: 0 }) LetGo(segment);
    }

    private void LetGo(Segment segment)
    {
        segment.IsThere = false;
        ReturnAll(segment.Rented);
        for (int i = segment.Start; i < segment.End; i++)
            if (Variables[i].Parameter is null) Variables[i].LetGo(Pool, segment.Output.Unforced);
    }

    private void ReturnAll(List<(Tensor Tensor, int Generation)> rented)
    {
        // What went back early may have been lent again since.
        foreach ((Tensor tensor, int generation) in rented)
            if (tensor.Generation == generation) Pool.Return(tensor);
        rented.Clear();
    }

    private static void ThrowInside(Variable input) => throw new InvalidOperationException(
        $"'{input.Operation ?? "constant"}' of layer '{input.Scope}' lies inside a checkpointed segment, of which only "
            + "the result may be used outside; return it from the segment, or take it out of the segment");
}
