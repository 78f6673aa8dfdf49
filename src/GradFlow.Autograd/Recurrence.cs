using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>What a recurrent op shows of its time steps to whoever watches, or goes on from its last.</summary>
public sealed class Recurrence
{
    private readonly RecurrentCell _cell;
    private readonly Variable _output;
    private readonly RecurrentSteps _steps;
    private readonly bool _isKept;
    private readonly CarriedState? _initial;
    private readonly StateMap? _map;

    internal Recurrence(
        RecurrentCell cell, Variable output, RecurrentSteps steps, bool isKept, CarriedState? initial,
        StateMap? map, int? skip)
    {
        (_cell, _output, _steps, _isKept, _initial, _map, Skip) = (cell, output, steps, isKept, initial, map, skip);
    }

    /// <summary>Time steps.</summary>
    public int Steps => _output.Shape[1];

    /// <summary>
    /// The time steps that connections skip, so that a state is also seen that many steps later; null for none.
    /// </summary>
    public int? Skip { get; }

    /// <summary>Whether the pre-activations are normalised over the units, between weights and non-linearity.</summary>
    public bool IsNormalized =>
        _cell is RecurrentCell.NormalizedLinear or RecurrentCell.NormalizedTanh or RecurrentCell.NormalizedRelu;

    /// <summary>Whether part of the state is carried past the recurrent weights, by gates or by a leak.</summary>
    public bool IsGated => Kernels.RecurrentCarries(_cell);

    /// <summary>Whether a state of its own, as c of an LSTM, is carried past the weights.</summary>
    internal bool HasCell => Kernels.RecurrentCellAt(_cell) is not null;

    /// <summary>The last h, [n, units], where the others haven't been computed; null where they are there.</summary>
    internal Tensor? LastAlone => _output.IsDelayed ? _steps.Last : null;

    /// <summary>∂L/∂c of last states that are used outside, on a walk back that hasn't come to the op yet.</summary>
    internal List<LastCellCotangent> LastCells { get; } = [];

    /// <summary>
    /// The map from one state to the next, at the states of this pass; null where no gradient flows, or the layer shows
    /// none.
    /// </summary>
    public StateMap? Map
    {
        get
        {
            // A checkpointed segment that is computed again keeps its numbers elsewhere.
            _output.Tape.RecomputeOrigin(_output);
            return _output.Recurrence!._map;
        }
    }

    /// <summary>The root mean square of h_t over samples and units, by time step.</summary>
    public double[] StateRms() => Kernels.RmsByStep(_output.Value);

    /// <summary>
    /// The root mean square of φ'(a_t) of h_t = φ(a_t), by time step, as the way back uses it; null where part of the
    /// state is carried past it, or where φ is the identity.
    /// </summary>
    public double[]? SlopeRms()
    {
        if (IsGated || _cell is RecurrentCell.Linear or RecurrentCell.NormalizedLinear) return null;
        Tape tape = _output.Tape;
        Tensor slopes = tape.RentLike(_output.Value);
        Kernels.FillInPlace(slopes, 1);
        if (_cell is RecurrentCell.Tanh or RecurrentCell.NormalizedTanh)
            Kernels.TanhBackward(_output.Value, slopes, slopes);
        else if (_cell is RecurrentCell.Relu or RecurrentCell.NormalizedRelu)
            Kernels.ReluBackward(_output.Value, slopes, slopes);
        else if (_cell == RecurrentCell.ModRelu) SlopesOfModRelu(slopes);
        double[] rms = Kernels.RmsByStep(slopes);
        tape.Pool.Return(slopes);
        return rms;
    }

    /// <summary>1 where a unit is not 0.</summary>
    private void SlopesOfModRelu(Tensor slopes)
    {
        Tensor sizes = _output.Tape.RentLike(slopes);
        Kernels.Abs(_output.Value, sizes);
        Kernels.ReluBackward(sizes, slopes, slopes);
        _output.Tape.Pool.Return(sizes);
    }

    /// <summary>
    /// A copy of the state that the op ends with, which outlives the tape and passes no gradient on; where one is to
    /// flow, see <see cref="Ops.LastState"/>. A sample without time steps keeps the state that it began with.
    /// </summary>
    /// <param name="lengths">Time steps of each sample; empty where all have those of the sequence.</param>
    /// <exception cref="ArgumentException">The lengths don't fit the sequences.</exception>
    /// <exception cref="InvalidOperationException">
    /// An LSTM on a tape that records nothing, which was not told to keep its last state.
    /// </exception>
    public RecurrentState LastState(ReadOnlyMemory<int> lengths = default)
    {
        RequireLengths(lengths, least: 0);
        ReadOnlyMemory<int> steps = LastSteps(lengths);
        Tensor Begun(Variable? initial) => initial is null
            ? Tensor.Zeros(new Shape(_output.Shape[0], _output.Shape[2]), _steps.X.ElementType)
            : initial.Value.Clone();
        Tensor h = Begun(_initial?.H);
        if (lengths.IsEmpty && LastAlone is { } last) Kernels.Copy(last, h);
        else Kernels.TakeSteps(_output.Value, steps.Span, h);
        Tensor? c = HasCell ? Begun(_initial?.Cell) : null;
        if (c is not null) TakeCells(steps, c);
        return new RecurrentState(h, c, Skip is { } skip ? Past(skip, steps.Span) : null);
    }

    /// <summary>The states before the last ones, those before the first time step included.</summary>
    private Tensor Past(int skip, ReadOnlySpan<int> last)
    {
        Tensor past = Tensor.Zeros(
            new Shape(_output.Shape[0], skip - 1, _output.Shape[2]), _output.Value.ElementType);
        RecurrentState? begun = _initial?.Values;
        for (int i = 0; i < last.Length; i++)
        {
            for (int j = 0; j < skip - 1; j++)
            {
                int step = last[i] - (skip - 1) + j;
                Tensor into = past.Slice(0, i, 1).Slice(1, j, 1);
                if (step >= 0) Kernels.Copy(_output.Value.Slice(0, i, 1).Slice(1, step, 1), into);
                else if (step == -1 && begun is { H: var h }) Kernels.Copy(h.Slice(0, i, 1).Reshape(into.Shape), into);
                else if (begun?.Past is { } earlier)
                    Kernels.Copy(earlier.Slice(0, i, 1).Slice(1, skip + step, 1), into);
            }
        }
        return past;
    }

    /// <summary>c of a time step of each sample, [n, units]; where it is −1, what stands there stays.</summary>
    internal void TakeCells(ReadOnlyMemory<int> steps, Tensor into)
    {
        if (!_isKept)
            throw new InvalidOperationException(
                $"'{_output.Scope}' has let its last state go; expected it to be asked to keep it");
        _steps.TakeCells(steps, into);
    }

    /// <summary>Each sample's last time step; −1 without any.</summary>
    internal ReadOnlyMemory<int> LastSteps(ReadOnlyMemory<int> lengths)
    {
        int[] steps = new int[_output.Shape[0]];
        for (int i = 0; i < steps.Length; i++) steps[i] = (lengths.IsEmpty ? Steps : lengths.Span[i]) - 1;
        return steps;
    }

    internal void RequireLengths(ReadOnlyMemory<int> lengths, int least)
    {
        if (lengths.IsEmpty) return;
        if (lengths.Length != _output.Shape[0])
            throw new ArgumentException($"{lengths.Length} lengths of sequences {_output.Shape}; expected one of each");
        foreach (int length in lengths.Span)
            if (length < least || length > Steps)
                throw new ArgumentException($"a length of {length}; expected {least} to {Steps} time steps");
    }
}
