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
    private readonly List<Variable> _variables = [];
    private readonly List<Tensor> _rented = [];
    private readonly Dictionary<Parameter, Variable> _parameters = [];
    private readonly List<RecurrentState> _states = [];
    private string _scope = "";

    /// <summary>Starts a tape.</summary>
    /// <param name="pool">Where storage comes from; null gives the tape a pool of its own.</param>
    /// <param name="observer">Somebody who watches; null for nobody.</param>
    public Tape(TensorPool? pool = null, ITapeObserver? observer = null)
    {
        Pool = pool ?? new TensorPool();
        Observer = observer;
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
    public IReadOnlyList<Variable> Variables => _variables;

    /// <summary>The states of recurrent layers that were marked, in the order of time within each layer.</summary>
    public IReadOnlyList<RecurrentState> States => _states;

    /// <summary>Lends a tensor until the tape is disposed; its contents are undefined.</summary>
    public Tensor Rent(Shape shape, ElementType type = ElementType.Float32)
    {
        Tensor tensor = Pool.Rent(shape, type);
        _rented.Add(tensor);
        return tensor;
    }

    /// <summary>Puts numbers on the tape that no gradient flows to.</summary>
    public Variable Constant(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Append(new Variable(this, value, _variables.Count, false));
    }

    /// <summary>Puts numbers on the tape that a gradient flows to, without a parameter behind them.</summary>
    public Variable Input(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Append(new Variable(this, value, _variables.Count, IsRecording));
    }

    /// <summary>Puts a parameter on the tape; the same variable however often it is asked for.</summary>
    public Variable Use(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (_parameters.TryGetValue(parameter, out Variable? known)) return known;
        var variable = new Variable(this, parameter.Value, _variables.Count, IsRecording && !parameter.IsFrozen)
        {
            Parameter = parameter,
        };
        _parameters[parameter] = variable;
        return Append(variable);
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

    /// <summary>Marks what a recurrent layer hands on from one time step to the next, for whoever watches.</summary>
    public void Mark(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _states.Add(state);
    }

    /// <summary>Gives all that was rented back to the pool.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _rented) Pool.Return(tensor);
        _rented.Clear();
        _variables.Clear();
        _parameters.Clear();
        _states.Clear();
    }

    internal Variable Record(string operation, Tensor value, Variable[] inputs, Derivative derivative)
    {
        bool requiresGradient = false;
        foreach (Variable input in inputs) requiresGradient |= input.RequiresGradient;
        requiresGradient &= IsRecording;
        Variable result = Append(new Variable(this, value, _variables.Count, requiresGradient)
        {
            Operation = operation,
            Scope = _scope,
            Inputs = inputs,
            Derivative = requiresGradient ? derivative : null,
        });
        Observer?.Recorded(result);
        return result;
    }

    internal Tensor RentLike(Tensor tensor) => Rent(tensor.Shape, tensor.ElementType);

    private Variable Append(Variable variable)
    {
        _variables.Add(variable);
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
