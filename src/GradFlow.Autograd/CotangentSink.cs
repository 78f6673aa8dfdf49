using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>Takes the cotangents that an op's derivative makes and adds them up per variable.</summary>
internal sealed class CotangentSink
{
    /// <summary>The exponent of a sum to which nothing but zeros has been added: below that of any number.</summary>
    private const int ZeroExponent = -(1 << 28);

    private readonly Tape _tape;
    private readonly Cotangent?[] _sums;
    private readonly ITapeObserver? _observer;
    private readonly bool[]? _isWanted;
    private readonly LateGradients? _late;
    private readonly Dictionary<Variable, RecurrentNorms?>? _throughTime;
    private Variable _consumer = null!;
    private Tensor _mine = null!;
    private int _exponent;
    private bool _isPassedOn;

    /// <summary>Readies one backward pass.</summary>
    /// <param name="tape">The tape that is walked back.</param>
    /// <param name="observer">Who is told of each share; null for nobody.</param>
    /// <param name="isWanted">Which variables' cotangents are wanted, by index; null for all.</param>
    /// <param name="fillsParameters">Whether ops may add to parameters' gradients by themselves.</param>
    /// <param name="throughTime">Takes norms by time step, of the recurrent results that it has; null for none.</param>
    public CotangentSink(
        Tape tape, ITapeObserver? observer, bool[]? isWanted, bool fillsParameters,
        Dictionary<Variable, RecurrentNorms?>? throughTime = null)
    {
        FillsParameters = fillsParameters;
        _throughTime = throughTime;
        _tape = tape;
        _sums = tape.TakeCotangents();
        _observer = observer;
        _isWanted = isWanted;
        if (fillsParameters && observer is not { IsOrderSensitive: true })
            _late = new LateGradients(observer, tape.EmptyLate());
    }

    /// <summary>Places the cotangent that the walk starts from.</summary>
    public void Start(Variable result, Tensor seed) => _sums[result.Index] = new Cotangent(seed, 0);

    /// <summary>A variable's cotangent, now that all consumers have contributed; null where none flows to it.</summary>
    public Cotangent? Take(Variable variable)
    {
        if (_sums[variable.Index] is not { } sum || !variable.RequiresGradient) return null;
        return _tape.IsRenormalized ? sum.Renormalize() : sum;
    }

    /// <summary>Lets a variable's op hand on its cotangent, which then goes back to the pool.</summary>
    public void Derive(Variable variable, Cotangent cotangent)
    {
        _consumer = variable;
        _mine = cotangent.Mantissa;
        _exponent = cotangent.Exponent;
        _isPassedOn = false;
        Norms = null;
        if (_throughTime?.ContainsKey(variable) == true)
            _throughTime[variable] = Norms = new RecurrentNorms(cotangent.Exponent);
        if (variable.Node is { } node) node.Derive(_mine, this);
        else variable.Derivative?.Invoke(_mine, this);
        _sums[variable.Index] = null;
        if (!_isPassedOn) _tape.Pool.Return(_mine);
    }

    /// <summary>What was left for later is done now: what the ops so far were made of may be let go.</summary>
    public void Settle() => _late?.Settle(_tape.Pool);

    /// <summary>The walk is over: what was left for later is done.</summary>
    public void Finish()
    {
        _late?.Finish(_tape.Pool);
        _tape.GiveBackCotangents(_sums);
    }

    /// <summary>
    /// Leaves the gradients of an op's parameters to be computed later, straight into the parameters, if nothing else
    /// adds to them; then the cotangent is kept until they are done.
    /// </summary>
    public bool TryLeave(IParameterGradients gradients)
    {
        if (_late is null || !_late.TryAdd(gradients, new Cotangent(_mine, _exponent), _tape.Pool))
            return false;
        _isPassedOn = true;
        return true;
    }

    /// <summary>The power of two that the consumer's cotangent is short of.</summary>
    public int Exponent => _exponent;

    /// <summary>Whether the walk is the one that parameters' gradients come from.</summary>
    public bool FillsParameters { get; }

    /// <summary>True where the cotangent of any of the op's inputs is wanted.</summary>
    public bool WantsAny => Enumerable.Range(0, _consumer.Inputs.Count).Any(Wants);

    /// <summary>Where a recurrent op is to leave its norms by time step; null where nobody asks.</summary>
    public RecurrentNorms? Norms { get; private set; }

    /// <summary>True where the input's cotangent is wanted; otherwise it need not be computed.</summary>
    public bool Wants(int input)
    {
        Variable variable = _consumer.Inputs[input];
        return variable.RequiresGradient && _isWanted?[variable.Index] != false;
    }

    /// <summary>Hands over a cotangent that was rented for this; the sink owns it from now on.</summary>
    /// <param name="input">Which of the consumer's inputs.</param>
    /// <param name="cotangent">The numbers.</param>
    /// <param name="exponent">The power of two that they are short of, beside that of the consumer's cotangent.</param>
    public void Give(int input, Tensor cotangent, int exponent = 0)
    {
        if (_isWanted is not null && !Wants(input))
        {
            _tape.Pool.Return(cotangent);
            return;
        }
        Variable variable = _consumer.Inputs[input];
        var share = new Cotangent(cotangent, _exponent + exponent);
        _observer?.Contributed(_consumer, input, share);
        Widen(variable);
        _sums[variable.Index] = _sums[variable.Index] is { } sum ? Cotangent.Add(sum, share, _tape.Pool) : share;
    }

    /// <summary>Hands on the consumer's own cotangent, overwritten: what elementwise ops do.</summary>
    public void Pass(int input)
    {
        if (!Wants(input)) return;
        _isPassedOn = true;
        Give(input, _mine);
    }

    /// <summary>Shows a cotangent that belongs to somebody else (the consumer's own, say): it is copied.</summary>
    public void Lend(int input, Tensor cotangent, int exponent = 0)
    {
        if (_isWanted is not null && !Wants(input)) return;
        Tensor copy = _tape.Rent(cotangent.Shape, cotangent.ElementType);
        Kernels.Copy(cotangent, copy);
        Give(input, copy, exponent);
    }

    /// <summary>
    /// Shows the cotangent of a stretch of an input, all else of which gets nothing. Added where it belongs, so that
    /// walking back over all time steps of a sequence costs as much as over the sequence once.
    /// </summary>
    public void LendSlice(int input, int dimension, int start, Tensor cotangent)
    {
        if (!Wants(input)) return;
        Variable variable = _consumer.Inputs[input];
        _observer?.Contributed(_consumer, input, new Cotangent(cotangent, _exponent));
        if (IsOfLastAlone(variable, dimension, start))
        {
            Lend(input, cotangent);
            return;
        }
        Widen(variable);
        Cotangent sum = _sums[variable.Index] ?? Zeros(variable, cotangent.ElementType);
        Tensor stretch = sum.Mantissa.Slice(dimension, start, cotangent.Shape[dimension]);
        if (_exponent > sum.Exponent)
        {
            // Zeros must not lift the exponent, or they would flush what has vanished.
            if (Kernels.MaxAbs(cotangent) == 0) return;
            if (sum.Exponent != ZeroExponent)
                Kernels.ScaleByPowerOfTwoInPlace(sum.Mantissa, sum.Exponent - _exponent);
            _sums[variable.Index] = sum with { Exponent = _exponent };
        }
        Tensor share = _tape.Rent(stretch.Shape, cotangent.ElementType);
        Kernels.Copy(cotangent, share);
        Kernels.ScaleByPowerOfTwoInPlace(share, Math.Min(0, _exponent - sum.Exponent));
        Kernels.Add(stretch, share, share);
        Kernels.Copy(share, stretch);
        _tape.Pool.Return(share);
    }

    /// <summary>
    /// Whether the walk may hold a cotangent of the last time step as it is: nobody else looks at it.
    /// </summary>
    private bool IsOfLastAlone(Variable variable, int dimension, int start) =>
        (FillsParameters || _throughTime is not null) && _observer is null && _sums[variable.Index] is null
            && dimension == 1 && variable.Recurrence is { } recurrence && start == recurrence.Steps - 1;

    /// <summary>Puts a cotangent of the last time step alone among zeros, as others come.</summary>
    private void Widen(Variable variable)
    {
        if (variable.Recurrence is null || _sums[variable.Index] is not { } sum) return;
        int steps = sum.Mantissa.Shape[1];
        if (steps == variable.Shape[1]) return;
        Cotangent all = Zeros(variable, sum.Mantissa.ElementType) with { Exponent = sum.Exponent };
        Kernels.Copy(sum.Mantissa, all.Mantissa.Slice(1, variable.Shape[1] - steps, steps));
        _tape.Pool.Return(sum.Mantissa);
        _sums[variable.Index] = all;
    }

    private Cotangent Zeros(Variable variable, ElementType type)
    {
        Tensor zeros = _tape.Rent(variable.Shape, type);
        Kernels.FillInPlace(zeros, 0);
        var sum = new Cotangent(zeros, _tape.IsRenormalized ? ZeroExponent : 0);
        _sums[variable.Index] = sum;
        return sum;
    }
}
