using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>A tensor on a tape: a constant, a parameter or the result of an op. Valid until the tape ends.</summary>
public sealed class Variable
{
    private Tensor _value;
    private Func<Tensor>? _make;

    internal Variable(Tape tape, Tensor value, int index, bool requiresGradient)
    {
        Tape = tape;
        _value = value;
        Index = index;
        RequiresGradient = requiresGradient;
    }

    /// <summary>The tape that it lies on.</summary>
    public Tape Tape { get; private set; }

    /// <summary>
    /// Its numbers; computed now, with all that waits on the tape, if nobody has asked for them before. Inside a
    /// segment of <see cref="Tape.Checkpoint"/> the segment is computed again where its numbers have been let go.
    /// </summary>
    public Tensor Value
    {
        get
        {
            if (IsLetGo) Tape.Recompute(this);
            if (IsPending) Tape.ComputePending();
            Force();
            return Unforced;
        }
    }

    /// <summary>Its place on the tape: inputs come before what is made of them.</summary>
    public int Index { get; }

    /// <summary>True where a gradient flows to it.</summary>
    public bool RequiresGradient { get; }

    /// <summary>The parameter that it stands for; null for constants and results.</summary>
    public Parameter? Parameter { get; internal init; }

    /// <summary>The op that made it, such as <c>tanh</c>; null for constants and parameters.</summary>
    public string? Operation { get; internal init; }

    /// <summary>The stable name of the layer in whose scope it was made; empty outside of layers.</summary>
    public string Scope { get; internal init; } = "";

    /// <summary>What it was made of.</summary>
    public IReadOnlyList<Variable> Inputs { get; internal init; } = [];

    /// <summary>What a recurrent op shows of its time steps; null for any other.</summary>
    public Recurrence? Recurrence { get; internal set; }

    /// <summary>
    /// Of the recurrent weights U of plain recurrent ops: a penalty that the way back through them adds to U's
    /// gradient, set before the walk; null for none.
    /// </summary>
    public NormPenalty? NormPenalty { get; set; }

    /// <summary>What an attention op shows of its weights; null for any other.</summary>
    public Attention? Attention { get; internal set; }

    /// <summary>The extents of its value.</summary>
    public Shape Shape => _value.Shape;

    /// <summary>The tensor, whether or not its numbers have been computed.</summary>
    internal Tensor Unforced
    {
        get
        {
            if (_make is not { } make) return _value;
            _make = null;
            return _value = make();
        }
    }

    /// <summary>Whether its numbers are made where somebody asks for them, and nobody has.</summary>
    internal bool IsDelayed => _make is not null;

    /// <summary>Has its numbers made where somebody asks for them.</summary>
    /// <param name="nothing">What stands for them until then; if it doesn't, they are there.</param>
    /// <param name="make">Makes them.</param>
    internal void Delay(Tensor nothing, Func<Tensor> make)
    {
        if (ReferenceEquals(_value, nothing)) _make = make;
    }

    /// <summary>Its numbers wait to be computed.</summary>
    internal bool IsPending { get; set; }

    /// <summary>The segment that it lies inside of, and may not be used outside of; null for any other.</summary>
    internal Segment? Segment { get; private set; }

    /// <summary>Its numbers have gone back to the pool; its segment computes them again.</summary>
    internal bool IsLetGo { get; private set; }

    /// <summary>Its numbers are computed only if somebody asks for them.</summary>
    internal bool IsDeferred { get; set; }

    /// <summary>The op that made it, where that is one that is kept from step to step.</summary>
    internal Operation? Node { get; init; }

    /// <summary>The way back of any other op.</summary>
    internal Derivative? Derivative { get; set; }

    /// <summary>How many ops were applied to it on this tape.</summary>
    internal int Consumers { get; set; }

    /// <summary>Computes what was deferred.</summary>
    internal void Force()
    {
        if (!IsDeferred) return;
        IsDeferred = false;
        Variable x = Node!.Inputs[0];
        Node.Compute(Node.LooksThrough ? x.Unforced : x.Value, _value);
    }

    /// <summary>Places it on the next step's tape.</summary>
    internal void Renew(Tape tape, Tensor value)
    {
        Tape = tape;
        Consumers = 0;
        NormPenalty = null;
        Segment = null;
        IsLetGo = false;
        _value = value;
        _make = null;
    }

    /// <summary>From here on it is a result inside of a segment.</summary>
    internal void Enclose(Segment segment) => Segment = segment;

    /// <summary>Gives its numbers back to the pool, unless the segment's output shares their storage.</summary>
    internal void LetGo(TensorPool pool, Tensor output)
    {
        Derivative = null;
        IsDeferred = false;
        _make = null;
        if (Node is not null && _value.Storage != output.Storage) pool.Return(_value);
        IsLetGo = _value.HasEnded;
    }

    /// <summary>Its numbers have been computed again; those that were never let go stay.</summary>
    internal void Restore(Tensor value)
    {
        if (!IsLetGo) return;
        IsLetGo = false;
        _value = value;
    }

    /// <summary>Sum of two, broadcasting.</summary>
    public static Variable operator +(Variable a, Variable b) => Ops.Add(a, b);

    /// <summary>Difference of two, broadcasting.</summary>
    public static Variable operator -(Variable a, Variable b) => Ops.Subtract(a, b);

    /// <summary>Elementwise product of two, broadcasting.</summary>
    public static Variable operator *(Variable a, Variable b) => Ops.Multiply(a, b);

    /// <summary>Multiplied by a number.</summary>
    public static Variable operator *(double factor, Variable x) => Ops.Scale(x, factor);
}

/// <summary>
/// The derivative of a recorded op: turns the output's cotangent into the inputs', linearly, and hands them to the
/// sink.
/// </summary>
/// <param name="cotangent">∂L/∂output without its power of two, which a linear map doesn't see.</param>
/// <param name="sink">Where the inputs' cotangents go.</param>
internal delegate void Derivative(Tensor cotangent, CotangentSink sink);
