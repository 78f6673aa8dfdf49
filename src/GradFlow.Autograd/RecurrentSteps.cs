using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The time steps of a recurrent op as its way back needs them: all that the cell keeps of them, or with checkpointing
/// through time the states alone that stretches of them begin with. What the cell keeps of one is then computed again
/// from there, to the same bits.
/// </summary>
internal sealed partial class RecurrentSteps
{
    private readonly Tape _tape;
    private readonly RecurrentCell _cell;
    private readonly int? _skip;
    private readonly RecurrentState?[] _begun;
    private Tensor? _kept;

    /// <summary>Takes all time steps, forward.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="cell">What a step computes.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="x">The sequences, dense.</param>
    /// <param name="initial">The state before the first step; null for zeros.</param>
    /// <param name="segments">How the time steps are parted; null keeps all.</param>
    public RecurrentSteps(
        Tape tape, RecurrentCell cell, RecurrentWeights weights, Tensor x, RecurrentState? initial,
        TimeSegments? segments)
    {
        (_tape, _cell, Weights, X, _skip) = (tape, cell, weights, x, weights.Skip?.Steps);
        Length = Math.Min(segments?.Length ?? Steps, Steps);
        IsLastAlone = segments?.IsLastAlone == true && !IsWhole;
        _begun = new RecurrentState?[(Steps + Length - 1) / Length];
        _begun[0] = initial;
        var states = new Shape(x.Shape[0], Steps, Units);
        H = IsLastAlone ? Nothing(states) : tape.Rent(states, x.ElementType);
        if (IsWhole) _kept = Advance(x, H, initial, tape.Rent);
        else Last = AdvanceByStretches(IsLastAlone ? null : H);
    }

    /// <summary>The op's weights.</summary>
    public RecurrentWeights Weights { get; }

    /// <summary>The sequences.</summary>
    public Tensor X { get; }

    /// <summary>h of all steps; no numbers where the last alone is kept.</summary>
    public Tensor H { get; }

    /// <summary>Whether the last of the states alone is kept.</summary>
    public bool IsLastAlone { get; }

    /// <summary>The last h, [n, units]; null where all are kept in one piece.</summary>
    public Tensor? Last { get; }

    /// <summary>Time steps.</summary>
    public int Steps => X.Shape[1];

    /// <summary>Time steps per stretch.</summary>
    public int Length { get; }

    private int Units => Weights.RecurrentWeight.Shape[1];

    private bool IsWhole => Length == Steps;

    /// <summary>Nobody will ask for a way back.</summary>
    public void LetGo()
    {
        if (_kept is not null) _tape.Pool.Return(_kept);
        _kept = null;
    }

    /// <summary>The stretches, the last one first, each good until the next is asked for.</summary>
    /// <param name="samples">Samples that the way back follows, the first of the batch.</param>
    /// <param name="length">Time steps of each: those that were asked for, or all.</param>
    public IEnumerable<StretchOfSteps> Back(int samples, int length)
    {
        Tensor Reached(Tensor all) => samples == all.Shape[0] ? all : all.Slice(0, 0, samples);
        RecurrentState? Begun(int stretch) => _begun[stretch] is { } state
            ? new(Reached(state.H), state.Cell is { } c ? Reached(c) : null, state.Past is { } p ? Reached(p) : null)
            : null;
        if (_kept is not null)
        {
            yield return new StretchOfSteps(0, X, Reached(_kept), Reached(H), _begun[0]);
            yield break;
        }
        for (int first = (Steps - 1) / length * length; first >= 0; first -= length)
        {
            Tensor x = Part(X, first, length, samples), h = Lend(x.Shape, Units);
            RecurrentState? begun = Begun(first / Length);
            Tensor kept = Advance(x, h, begun, _tape.Pool.Rent);
            yield return new StretchOfSteps(first, x, kept, h, begun);
            GiveBack(x, X);
            _tape.Pool.Return(h);
            _tape.Pool.Return(kept);
        }
    }

    /// <summary>
    /// A stretch of sequences, dense: a view of all time steps, and of fewer a copy that the pool lends.
    /// </summary>
    public Tensor Part(Tensor sequences, int first, int length, int samples)
    {
        Tensor reached = samples == sequences.Shape[0] ? sequences : sequences.Slice(0, 0, samples);
        if (length >= Steps) return reached;
        Tensor part = reached.Slice(1, first, Math.Min(length, Steps - first));
        Tensor dense = _tape.Pool.Rent(part.Shape, part.ElementType);
        Kernels.Copy(part, dense);
        return dense;
    }

    /// <summary>∂L/∂h of a stretch, or of its last time step alone where g is that of the last of all.</summary>
    public Tensor Given(Tensor g, int first, Shape stretch)
    {
        if (g.Shape[1] == Steps) return Part(g, first, stretch[1], stretch[0]);
        if (first + stretch[1] == Steps) return stretch[0] == g.Shape[0] ? g : g.Slice(0, 0, stretch[0]);
        Tensor none = _tape.Pool.Rent(new Shape(stretch[0], 1, stretch[2]), g.ElementType);
        Kernels.FillInPlace(none, 0);
        return none;
    }

    /// <summary>Computes h of all time steps after all.</summary>
    public Tensor MakeStates()
    {
        Tensor h = _tape.Rent(H.Shape, X.ElementType);
        AdvanceByStretches(h);
        return h;
    }

    /// <summary>A stretch of sequences isn't needed any more.</summary>
    public void GiveBack(Tensor part, Tensor sequences)
    {
        if (part.Storage != sequences.Storage) _tape.Pool.Return(part);
    }

    /// <summary>Takes all stretches, and returns the last h.</summary>
    private Tensor AdvanceByStretches(Tensor? states)
    {
        RecurrentState? state = _begun[0];
        for (int i = 0; i < _begun.Length; i++)
        {
            int first = i * Length;
            Tensor x = Part(X, first, Length, X.Shape[0]), h = Lend(x.Shape, Units);
            Tensor kept = Advance(x, h, state, _tape.Pool.Rent);
            if (states is not null) Kernels.Copy(h, states.Slice(1, first, h.Shape[1]));
            state = After(state, kept, h);
            if (i + 1 < _begun.Length) _begun[i + 1] ??= state;
            foreach (Tensor lent in new[] { x, h, kept }) _tape.Pool.Return(lent);
        }
        return state!.Value.H;
    }

    /// <summary>Extents without numbers, which throws where it is used.</summary>
    private Tensor Nothing(Shape shape)
    {
        Tensor one = _tape.Pool.Rent(new Shape(1), X.ElementType), all = one.BroadcastTo(shape);
        _tape.Pool.Return(one);
        return all;
    }

    private Tensor Lend(Shape sequences, int width) =>
        _tape.Pool.Rent(new Shape(sequences[0], sequences[1], width), X.ElementType);

    /// <summary>All steps of a stretch; returns what the cell keeps of them.</summary>
    private Tensor Advance(Tensor x, Tensor h, RecurrentState? begun, Func<Shape, ElementType, Tensor> rent)
    {
        Tensor kept = rent(
            new Shape(x.Shape[0], x.Shape[1], Kernels.RecurrentKept(_cell) * Units), x.ElementType);
        Kernels.RecurrentForward(_cell, Weights, x, kept, h, _tape.Pool, begun);
        return kept;
    }

    /// <summary>The state that a stretch ends with.</summary>
    private RecurrentState After(RecurrentState? begun, Tensor kept, Tensor h)
    {
        Tensor Last(Tensor sequences)
        {
            Tensor last = sequences.Slice(1, h.Shape[1] - 1, 1);
            Tensor into = _tape.Rent(new Shape(last.Shape[0], last.Shape[2]), last.ElementType);
            Kernels.Copy(last, into.Reshape(last.Shape));
            return into;
        }
        return new RecurrentState(
            Last(h),
            Kernels.RecurrentCellAt(_cell) is { } at ? Last(kept.Slice(2, at * Units, Units)) : null,
            _skip is { } skip ? Past(skip, begun, h) : null);
    }

    /// <summary>The states before the last one of a stretch, as many as connections that skip still need.</summary>
    private Tensor Past(int skip, RecurrentState? begun, Tensor h)
    {
        Tensor past = _tape.Rent(new Shape(h.Shape[0], skip - 1, Units), h.ElementType);
        Kernels.FillInPlace(past, 0);
        for (int j = 0; j < skip - 1; j++)
        {
            int step = h.Shape[1] - skip + j;
            Tensor into = past.Slice(1, j, 1);
            if (step >= 0) Kernels.Copy(h.Slice(1, step, 1), into);
            else if (step == -1 && begun is { H: var last }) Kernels.Copy(last.Reshape(into.Shape), into);
            else if (step < -1 && begun?.Past is { } earlier) Kernels.Copy(earlier.Slice(1, step + skip, 1), into);
        }
        return past;
    }
}
