using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The states that recurrent layers hand on from one piece of their sequences to the next, by layer name: fed with it
/// in pieces, a net gives what it gives for the whole. No gradient passes from a piece to the one before. Mutable: each
/// pass that has it in <see cref="Pass.Carried"/> begins with these states and replaces them by those it ends with.
/// </summary>
public sealed class CarriedStates : IKeepsState
{
    private const string H = ".h", Cell = ".c", Past = ".past";

    private readonly Dictionary<string, RecurrentState> _states = [];
    private readonly Dictionary<string, RecurrentState?> _begun = [];

    /// <summary>
    /// A layer's state after the last piece, h and c of an LSTM, [n, units] each, and where connections skip time steps
    /// the states before; null where it begins with zeros.
    /// </summary>
    /// <param name="layer">The layer's stable name.</param>
    public RecurrentState? this[string layer] => _states.TryGetValue(layer, out RecurrentState state) ? state : null;

    /// <summary>Lets all layers begin with zeros again: other sequences follow.</summary>
    public void Clear() => _states.Clear();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            var state = new Dictionary<string, Tensor>();
            foreach ((string layer, RecurrentState carried) in _states)
            {
                state[layer + H] = carried.H;
                if (carried.Cell is { } cell) state[layer + Cell] = cell;
                if (carried.Past is { } past) state[layer + Past] = past;
            }
            return state;
        }
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _states.Clear();
        foreach ((string key, Tensor value) in state)
        {
            bool IsBesideH(string suffix) =>
                key.EndsWith(suffix, StringComparison.Ordinal) && state.ContainsKey(key[..^suffix.Length] + H);
            if (IsBesideH(Cell) || IsBesideH(Past)) continue;
            if (!key.EndsWith(H, StringComparison.Ordinal))
                throw new ArgumentException(
                    $"'{key}' is no state of a recurrent layer; expected NAME{H}, NAME{Cell} or NAME{Past}");
            string layer = key[..^H.Length];
            Tensor? Part(string suffix) => state.TryGetValue(layer + suffix, out Tensor? part) ? part.Clone() : null;
            _states[layer] = new RecurrentState(value.Clone(), Part(Cell), Part(Past));
        }
    }

    /// <summary>
    /// The state that a layer begins with, on a tape; null for zeros. Where the tape computes a pass again, it is that
    /// of the pass.
    /// </summary>
    internal CarriedState? Begin(string layer, Variable x)
    {
        Tape tape = x.Tape;
        if (!tape.IsRecomputing) _begun[layer] = this[layer];
        if (_begun[layer] is not { } state) return null;
        if (state.H.Shape[0] != x.Shape[0])
            throw new ArgumentException(
                $"'{layer}' got {x.Shape[0]} sequences and the states of {state.H.Shape[0]} others; expected the next "
                    + $"pieces of the same sequences, or {nameof(CarriedStates)}.{nameof(Clear)} between");
        return new CarriedState(
            tape.Constant(state.H), state.Cell is { } cell ? tape.Constant(cell) : null, state.Past);
    }

    /// <summary>Takes the state that a layer ends with.</summary>
    internal void End(string layer, Variable output, ReadOnlyMemory<int> lengths)
    {
        if (output.Tape.IsRecomputing) return;
        // Some layers read their states out by other ops.
        Variable states = output.Recurrence is not null
            ? output
            : output.Tape.Variables.Last(v => v.Recurrence is not null && v.Scope == layer);
        _states[layer] = states.Recurrence!.LastState(lengths);
    }
}
