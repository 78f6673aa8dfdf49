using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A layer that reads a sequence [n, T, in] step by step, each from its input and from the state that the step before
/// handed on, and gives h_t of every step, [n, T, units]. The first state is zero.
/// </summary>
public abstract class Recurrent : Module
{
    private readonly int _stateSize;

    /// <summary>Names the layer and its parameters.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="type">The type as the experiment file names it.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="window">
    /// Time steps after which the gradient is cut, counted from the end of the sequence; null for none.
    /// </param>
    /// <param name="stateSize">How many tensors its state has.</param>
    /// <param name="activation">The non-linearity between one state and the next; null where gates lie there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is below 1.</exception>
    private protected Recurrent(
        string name, string type, RecurrentParameters parameters, int? window, int stateSize,
        Activation? activation = null)
        : base(name, type, ModuleKind.Recurrence)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (window is { } steps) ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(window));
        Parameters = parameters;
        Window = window;
        Activation = activation;
        _stateSize = stateSize;
    }

    /// <summary>Its weights and biases.</summary>
    public RecurrentParameters Parameters { get; }

    /// <summary>Numbers in the output of one time step.</summary>
    public int Units => Parameters.RecurrentWeight.Value.Shape[1];

    /// <summary>
    /// Time steps after which the gradient is cut while the state goes on (truncated back-propagation through time),
    /// counted from the end of the sequence; null where it runs to the start.
    /// </summary>
    public int? Window { get; }

    /// <summary>The non-linearity between one state and the next; null where gates lie there.</summary>
    public Activation? Activation { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters => Parameters.All;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <summary>The first time step of the window that a time step lies in; 0 without a window.</summary>
    /// <param name="step">The time step, from 0.</param>
    /// <param name="steps">Time steps of the sequence.</param>
    public int WindowStart(int step, int steps) =>
        Window is { } window ? Math.Max(0, steps - (((steps - 1 - step) / window) + 1) * window) : 0;

    /// <inheritdoc/>
    protected sealed override Variable Forward(Variable x, Pass pass)
    {
        Tape tape = x.Tape;
        if (x.Shape.Count != 3 || x.Shape[1] < 1 || x.Shape[2] != Parameters.Weight.Value.Shape[1])
            throw new ArgumentException(
                $"'{Name}' got {x.Shape}; expected sequences [n, T, {Parameters.Weight.Value.Shape[1]}]");
        int steps = x.Shape[1];
        Variable inputs = Rows.Map(x, rows => Ops.Affine(
            rows, tape.Use(Parameters.Weight), Parameters.Bias is { } bias ? tape.Use(bias) : null));
        Variable[] state = Start(tape, x.Shape[0], x.Value.ElementType), outputs = new Variable[steps];
        for (int t = 0; t < steps; t++)
        {
            if (t > 0 && WindowStart(t, steps) == t) state = [.. state.Select(s => tape.Constant(s.Value))];
            CellStep step = Advance(Ops.Select(inputs, 1, t), state);
            tape.Mark(new RecurrentState(Name, t, step.HandedOn, step.Preactivation, step.Carried));
            state = step.State;
            outputs[t] = state[0];
        }
        return Ops.Stack(outputs, 1);
    }

    /// <summary>One time step.</summary>
    /// <param name="input">The input's share of all pre-activations, W·x_t + b, [n, gates·units].</param>
    /// <param name="state">What the step before left, h first.</param>
    private protected abstract CellStep Advance(Variable input, Variable[] state);

    /// <summary>U·h + b of the recurrent weights, [n, gates·units].</summary>
    private protected Variable FromState(Variable h) => Ops.Affine(
        h, h.Tape.Use(Parameters.RecurrentWeight),
        Parameters.RecurrentBias is { } bias ? h.Tape.Use(bias) : null);

    /// <summary>The share of one gate or candidate, [n, units].</summary>
    private protected Variable Gate(Variable all, int index) => Ops.Slice(all, 1, index * Units, Units);

    private Variable[] Start(Tape tape, int samples, ElementType type)
    {
        Tensor zeros = tape.Rent(new Shape(samples, Units), type);
        Kernels.FillInPlace(zeros, 0);
        return [.. Enumerable.Range(0, _stateSize).Select(_ => tape.Constant(zeros))];
    }
}

/// <summary>What one time step of a cell leaves.</summary>
/// <param name="State">What the next step works on, h first.</param>
/// <param name="HandedOn">The variables through which alone the rest of the sequence depends on the past.</param>
/// <param name="Preactivation">a of h = φ(a); null where gates lie in between.</param>
/// <param name="Carried">The state as the next step's gate carries it on; null without such a gate.</param>
internal readonly record struct CellStep(
    Variable[] State,
    IReadOnlyList<Variable> HandedOn,
    Variable? Preactivation = null,
    Variable? Carried = null);
