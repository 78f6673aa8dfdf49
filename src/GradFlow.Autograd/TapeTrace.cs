using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// What a tape leaves in its pool to the next one: the variables of its step, in order. A training's steps are mostly
/// alike, and a variable that is recorded again at the same place, made of the same variables in the same way, is the
/// same object with the same tensor. From the first that differs on, all is made anew.
/// </summary>
internal sealed class TapeTrace
{
    private List<Variable> _last = [];
    private int _again = -1;

    /// <summary>The variables of the present step.</summary>
    public List<Variable> Variables { get; private set; } = [];

    /// <summary>The variable of each parameter that was ever used.</summary>
    public Dictionary<Parameter, Variable> Parameters { get; } = [];

    /// <summary>Ops that wait to be computed.</summary>
    public PendingRows Pending { get; } = new();

    /// <summary>Room for the sums of a backward pass.</summary>
    public Cotangent?[] Cotangents { get; set; } = [];

    /// <summary>Gradients of a backward pass that are left for later.</summary>
    public List<IParameterGradients> Late { get; } = [];

    /// <summary>
    /// The last step's variable at the place that is filled next, or this step's where a segment is computed again;
    /// null where there is none.
    /// </summary>
    public Variable? Candidate => IsReplaying
        ? _again < Variables.Count ? Variables[_again] : null
        : Variables.Count < _last.Count ? _last[Variables.Count] : null;

    /// <summary>True while a segment of this step is computed again.</summary>
    public bool IsReplaying => _again >= 0;

    /// <summary>This step's next variable that an op makes, while a segment is computed again; −1 otherwise.</summary>
    public int Again
    {
        get => _again;
        set
        {
            _again = value;
            // A parameter is there, however often it is asked for.
            while (_again >= 0 && _again < Variables.Count && Variables[_again].Parameter is not null) _again++;
        }
    }

    /// <summary>The candidate has been made again.</summary>
    public void Skip() => Again = _again + 1;

    /// <summary>Takes a pool's trace, or starts one.</summary>
    public static TapeTrace TakeFrom(TensorPool pool)
    {
        var trace = pool.Trace as TapeTrace ?? new TapeTrace();
        pool.Trace = null;
        return trace;
    }

    /// <summary>The candidate differs: no later one can be the same.</summary>
    public void Diverge(TensorPool pool)
    {
        if (IsReplaying)
            throw new InvalidOperationException(
                "a checkpointed segment has made other ops when it was computed again; "
                    + "expected the same ops each time");
        if (Variables.Count >= _last.Count) return;
        Release(pool, Variables.Count);
    }

    /// <summary>Ends the step, and leaves the trace to the pool's next tape.</summary>
    public void LeaveTo(TensorPool pool)
    {
        Release(pool, Variables.Count);
        Pending.Clear();
        foreach (Variable variable in Variables)
        {
            variable.IsPending = false;
            variable.IsDeferred = false;
            if (variable is { Node: not null, IsLetGo: false }) variable.Unforced.End();
        }
        (_last, Variables) = (Variables, _last);
        Variables.Clear();
        if (pool.Trace is null) pool.Trace = this;
        else Release(pool, 0);
    }

    private void Release(TensorPool pool, int from)
    {
        if (from >= _last.Count) return;
        for (int i = from; i < _last.Count; i++)
            if (_last[i] is { Node: not null, IsLetGo: false }) pool.Reclaim(_last[i].Unforced);
        _last.RemoveRange(from, _last.Count - from);
    }
}
