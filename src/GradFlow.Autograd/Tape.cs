using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// Records the ops of one forward pass and walks them back. A tape is a step's lifetime: when it is disposed, all that
/// it made goes back to the pool.
/// </summary>
/// <remarks>
/// The backward pass is renormalised: when a cotangent's largest magnitude leaves the safe range it is scaled by a
/// power of two, exactly, and an integer carries the rest. Gradients inside the range are therefore the same bits as
/// without, and gradients outside of it are neither 0 nor infinite. Parameters receive plain numbers, once, at the end.
/// Not safe for use by two threads at once.
/// </remarks>
public sealed partial class Tape : IDisposable
{
    private List<(Tensor Tensor, int Generation)> _rented = [];
    private TapeTrace? _trace;
    private string _scope = "";

    /// <summary>Starts a tape.</summary>
    /// <param name="pool">Where storage comes from; null gives the tape a pool of its own.</param>
    /// <param name="observer">Somebody who watches; null for nobody.</param>
    public Tape(TensorPool? pool = null, ITapeObserver? observer = null)
    {
        Pool = pool ?? new TensorPool();
        Observer = observer;
        _trace = TapeTrace.TakeFrom(Pool);
    }

    /// <summary>Where storage comes from.</summary>
    public TensorPool Pool { get; }

    /// <summary>Somebody who watches; null for nobody.</summary>
    public ITapeObserver? Observer { get; }

    /// <summary>
    /// Whether cotangents are renormalised (default). Off, the backward pass is the plain one, underflow included.
    /// </summary>
    public bool IsRenormalized { get; init; } = true;

    /// <summary>
    /// Whether ops are recorded for a backward pass (default); off saves memory where only values are wanted.
    /// </summary>
    public bool IsRecording { get; init; } = true;

    /// <summary>All variables so far, inputs before what is made of them.</summary>
    public IReadOnlyList<Variable> Variables => _trace is null ? [] : _trace.Variables;

    /// <summary>Lends a tensor until the tape is disposed; its contents are undefined.</summary>
    public Tensor Rent(Shape shape, ElementType type = ElementType.Float32)
    {
        Tensor tensor = Pool.ShelfOf(shape, type).Take();
        _rented.Add((tensor, tensor.Generation));
        return tensor;
    }

    private TapeTrace Trace => _trace
        ?? throw new InvalidOperationException("the tape has ended; expected a new one for each step");

    /// <summary>Puts numbers on the tape that no gradient flows to.</summary>
    public Variable Constant(Tensor value) => Leaf(value, requiresGradient: false);

    /// <summary>Puts numbers on the tape that a gradient flows to, without a parameter behind them.</summary>
    public Variable Input(Tensor value) => Leaf(value, IsRecording);

    /// <summary>Puts a parameter on the tape; the same variable however often it is asked for.</summary>
    public Variable Use(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        bool requiresGradient = IsRecording && !parameter.IsFrozen;
        if (Trace.Parameters.TryGetValue(parameter, out Variable? known))
        {
            if (known.Tape == this) return known;
            if (ReferenceEquals(Trace.Candidate, known) && known.RequiresGradient == requiresGradient)
                return Renew(known, parameter.Value);
        }
        Trace.Diverge(Pool);
        return Trace.Parameters[parameter] = Append(
            new Variable(this, parameter.Value, Trace.Variables.Count, requiresGradient) { Parameter = parameter });
    }

    /// <summary>
    /// Names the layer that the ops up to the scope's end belong to; scopes nest, the inner name counts.
    /// </summary>
    public ScopeEnd EnterScope(string name)
    {
        var end = new ScopeEnd(this, _scope);
        _scope = name;
        return end;
    }

    /// <summary>Gives all that was rented back to the pool.</summary>
    public void Dispose()
    {
        if (_trace is null) return;
        ReturnAll(_rented);
        foreach (Segment segment in _segments) ReturnAll(segment.Rented);
        _trace.LeaveTo(Pool);
        _trace = null;
    }

    /// <summary>Records an op with its way back.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="value">Its result.</param>
    /// <param name="inputs">What it was applied to.</param>
    /// <param name="derivative">Its way back.</param>
    /// <param name="make">Makes the result where somebody asks for it; null where it is there.</param>
    internal Variable Record(
        string operation, Tensor value, Variable[] inputs, Derivative derivative, Func<Tensor>? make = null)
    {
        bool requiresGradient = Consume(inputs);
        Variable? last = Trace.Candidate;
        bool isAgain = last is { Node: null, Inputs: Variable[] known } && IsLike(last, operation, requiresGradient)
            && known.AsSpan().SequenceEqual(inputs);
        Variable result = isAgain ? Renew(last!, value) : AppendNew(operation, value, inputs, requiresGradient);
        result.Derivative = requiresGradient ? derivative : null;
        if (make is not null) result.Delay(value, make);
        if (Observer is null || IsRecomputing) return result;
        ComputePending();
        Observer.Recorded(result);
        return result;
    }

    /// <summary>
    /// The last step's op at this place, if it is one of a kind and was applied to the same; it can then be repeated.
    /// </summary>
    internal T? Recall<T>(Variable a, Variable? b = null, Variable? c = null)
        where T : Operation =>
        Trace.Candidate?.Node is T operation && operation.IsOf(a, b, c)
            && IsLike(operation.Output, operation.Name, operation.Output.RequiresGradient)
            ? operation
            : null;

    /// <summary>Applies an op again, to the same variables as at the last step.</summary>
    internal Variable Repeat(Operation operation)
    {
        if (Consume(operation.Inputs) != operation.Output.RequiresGradient) return RecordNew(operation);
        Variable output = operation.Output;
        bool isThere = IsRecomputing && !output.IsLetGo;
        Tensor value = output.Unforced;
        if (output.IsLetGo) value = Borrow(value);
        else if (!isThere) value.Revive();
        Renew(output, value);
        return isThere ? output : Await(operation);
    }

    /// <summary>Applies an op for the first time.</summary>
    internal Variable Record(Operation operation)
    {
        // Where a segment is computed again, an op whose closure is another object is the same op all the same.
        if (IsRecomputing && Trace.Candidate?.Node is { } known && known.IsLike(operation)) return Repeat(known);
        Consume(operation.Inputs);
        return RecordNew(operation);
    }

    /// <summary>Computes all that waits.</summary>
    internal void ComputePending()
    {
        PendingRows pending = Trace.Pending;
        if (pending.Operations.Count == 0) return;
        pending.Compute();
        if (Observer is { } observer && !IsRecomputing)
            foreach (Operation operation in pending.Operations) observer.Recorded(operation.Output);
        pending.Clear();
    }

    /// <summary>
    /// A tensor like another, for whoever hands it back: it is then lent again as the same object. Cotangents go back
    /// when the walk has passed.
    /// </summary>
    internal Tensor Borrow(Tensor like) => Pool.ShelfOf(like.Shape, like.ElementType).Take();

    internal Tensor RentLike(Tensor tensor) => Rent(tensor.Shape, tensor.ElementType);

    private Variable Leaf(Tensor value, bool requiresGradient)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Trace.Candidate is { Operation: null, Parameter: null } last && last.RequiresGradient == requiresGradient)
            return Renew(last, value);
        Trace.Diverge(Pool);
        return Append(new Variable(this, value, Trace.Variables.Count, requiresGradient));
    }

    private Variable RecordNew(Operation operation)
    {
        bool requiresGradient = IsRecording && Array.Exists(operation.Inputs, input => input.RequiresGradient);
        Tensor value = Pool.ShelfOf(operation.OutputShape, operation.Inputs[0].Unforced.ElementType).Take();
        operation.Output = AppendNew(operation.Name, value, operation.Inputs, requiresGradient, operation);
        return Await(operation);
    }

    private Variable AppendNew(
        string operation, Tensor value, Variable[] inputs, bool requiresGradient, Operation? node = null)
    {
        Trace.Diverge(Pool);
        return Append(new Variable(this, value, Trace.Variables.Count, requiresGradient)
        {
            Operation = operation,
            Scope = _scope,
            Inputs = inputs,
            Node = node,
        });
    }

    /// <summary>
    /// Lets an op wait to be computed with others, unless it is so large that it is better done at once.
    /// </summary>
    private Variable Await(Operation operation)
    {
        if (operation.IsDeferred) return Defer(operation.Output);
        if (!operation.LooksThrough)
            foreach (Variable input in operation.Inputs) input.Force();
        Variable x = operation.Inputs[0];
        bool isRowwise = !operation.IsLarge && x.Shape.Count > 0 && x.Unforced.IsContiguous;
        int rows = isRowwise ? x.Shape[0] : 1;
        bool canWait = isRowwise && Trace.Pending.Fits(rows);
        for (int i = 1; i < operation.Inputs.Length; i++) canWait &= !operation.Inputs[i].IsPending;
        if (!canWait) ComputePending();
        Trace.Pending.Add(operation, rows);
        if (!isRowwise) ComputePending();
        return operation.Output;
    }

    private Variable Defer(Variable output)
    {
        output.IsDeferred = true;
        if (Observer is null || IsRecomputing) return output;
        ComputePending();
        Observer.Recorded(output);
        return output;
    }

    private bool IsLike(Variable last, string operation, bool requiresGradient) =>
        last.Operation == operation && last.Scope == _scope && last.RequiresGradient == requiresGradient;

    private bool Consume(Variable[] inputs)
    {
        bool requiresGradient = false, isRecomputing = IsRecomputing;
        foreach (Variable input in inputs)
        {
            requiresGradient |= input.RequiresGradient;
            if (isRecomputing) continue;
            if (input.Segment is not null) ThrowInside(input);
            input.Consumers++;
        }
        return requiresGradient && IsRecording;
    }

    private Variable Renew(Variable variable, Tensor value)
    {
        if (IsRecomputing)
        {
            variable.Restore(value);
            Trace.Skip();
            return variable;
        }
        variable.Renew(this, value);
        return Append(variable);
    }

    private Variable Append(Variable variable)
    {
        Trace.Variables.Add(variable);
        return variable;
    }

    /// <summary>Ends a layer's scope when it is disposed.</summary>
    public readonly struct ScopeEnd : IDisposable
    {
        private readonly Tape _tape;
        private readonly string _outer;

        internal ScopeEnd(Tape tape, string outer)
        {
            _tape = tape;
            _outer = outer;
        }

        /// <summary>Returns to the scope outside.</summary>
        public void Dispose() => _tape._scope = _outer;
    }
}
