using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A layer that reads a sequence [n, T, in] step by step, each from its input and from the state that the step before
/// handed on, and gives h_t of every step, [n, T, units]. The first state is zero, or what <see cref="Pass.Carried"/>
/// has of it.
/// </summary>
public abstract class Recurrent : Module
{
    /// <summary>Names the layer and its parameters.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="type">The type as the experiment file names it.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="window">
    /// Time steps after which the gradient is cut, counted from the end of the sequence; null for none.
    /// </param>
    /// <param name="activation">The non-linearity between one state and the next; null where gates lie there.</param>
    /// <param name="activationType">Its name, where it is no module of its own.</param>
    /// <param name="buffers">What it keeps and doesn't train.</param>
    /// <param name="others">What it trains beside its recurrence.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is below 1.</exception>
    private protected Recurrent(
        string name, string type, RecurrentParameters parameters, int? window, Activation? activation = null,
        string? activationType = null, IReadOnlyList<(string Name, Tensor Value)>? buffers = null,
        IReadOnlyList<Parameter>? others = null)
        : base(name, type, ModuleKind.Recurrence)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (window is { } steps) ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(window));
        Parameters = parameters;
        Window = window;
        Activation = activation;
        ActivationType = activationType ?? activation?.Type;
        OwnBuffers = buffers ?? [];
        OwnParameters = [.. parameters.All, .. others ?? []];
    }

    /// <summary>Its weights and biases.</summary>
    public RecurrentParameters Parameters { get; }

    /// <summary>Units of the recurrence: numbers in h, of a linear recurrent unit complex ones.</summary>
    public int Units => Parameters.RecurrentWeight.Value.Shape[1];

    /// <summary>
    /// Time steps after which the gradient is cut while the state goes on (truncated back-propagation through time),
    /// counted from the end of the sequence; null where it runs to the start.
    /// </summary>
    public int? Window { get; }

    /// <summary>The non-linearity between one state and the next; null where gates lie there.</summary>
    public Activation? Activation { get; }

    /// <summary>The type of that non-linearity as the experiment file names it, likewise.</summary>
    public string? ActivationType { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers { get; }

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
        var weights = new RecurrentInputs(
            tape.Use(Parameters.Weight), tape.Use(Parameters.RecurrentWeight),
            Parameters.Bias is { } bias ? tape.Use(bias) : null,
            Parameters.RecurrentBias is { } biases ? tape.Use(biases) : null,
            Parameters.PerUnit is { } perUnit ? tape.Use(perUnit) : null,
            Parameters.Skip is { } skip ? new SkipInputs(tape.Use(skip.Weight), skip.Steps) : null);
        TimeSegments? segments = pass.CheckpointsTimeSteps
            ? new TimeSegments((int)Math.Ceiling(Math.Sqrt(x.Shape[1]))) { IsLastAlone = pass.AsksLastStepAlone }
            : null;
        if (pass.Carried is not { } carried) return Run(x, weights, null, keepsLast: false, segments);
        Variable h = Run(x, weights, carried.Begin(Name, x), keepsLast: true, segments);
        carried.End(Name, h, pass.Lengths);
        return h;
    }

    /// <summary>All time steps, from an initial state on.</summary>
    private protected abstract Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments);
}
