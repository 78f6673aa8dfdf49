using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Recurrent layers as a small op per time step and gate: what the fused ops are compared with.</summary>
internal sealed class UnrolledCells(RecurrentCell cell, RecurrentInputs weights)
{
    /// <summary>h_t of every step.</summary>
    public List<Variable> States { get; } = [];

    /// <summary>The state as the next step's gate alone carries it on, of every step; none for a plain cell.</summary>
    public List<Variable> Carried { get; } = [];

    /// <summary>The earlier state as connections that skip time steps see it, of every step.</summary>
    public List<Variable> Skipped { get; } = [];

    /// <summary>a_t of every step of a plain cell.</summary>
    public List<Variable> Preactivations { get; } = [];

    private int Units => weights.RecurrentWeight.Shape[1];

    public Variable Run(Variable x, int? window = null, CarriedState? initial = null)
    {
        Tape tape = x.Tape;
        int samples = x.Shape[0], steps = x.Shape[1];
        Variable h = initial?.H ?? tape.Constant(Tensor.Zeros(new Shape(samples, Units), x.Value.ElementType));
        Variable carried = initial?.Cell ?? h;
        List<Variable> seen = [.. Before(tape, initial, h)];
        for (int t = 0; t < steps; t++)
        {
            if (window is { } length && (steps - t) % length == 0)
            {
                (h, carried) = (tape.Constant(h.Value), tape.Constant(carried.Value));
                seen = [.. seen.Select(state => tape.Constant(state.Value))];
            }
            Variable? skipped = weights.Skip is { } skip ? Ops.Identity(seen[^skip.Steps]) : null;
            if (skipped is not null) Skipped.Add(skipped);
            (h, carried) = Advance(
                Ops.Affine(Ops.Select(x, 1, t), weights.Weight, weights.Bias), h, carried, skipped);
            States.Add(h);
            seen.Add(h);
        }
        return Ops.Stack(States, 1);
    }

    /// <summary>The states before the first step, as many as connections skip.</summary>
    private IEnumerable<Variable> Before(Tape tape, CarriedState? initial, Variable h)
    {
        for (int i = 0; i < (weights.Skip?.Steps ?? 1) - 1; i++)
            yield return tape.Input(initial?.Past is { } past
                ? past.Slice(1, i, 1).Clone().Reshape(h.Shape)
                : Tensor.Zeros(h.Shape, h.Value.ElementType));
        yield return initial is null ? tape.Input(h.Value) : h;
    }

    private (Variable H, Variable Carried) Advance(Variable input, Variable h, Variable carried, Variable? skipped)
    {
        if (cell == RecurrentCell.ComplexDiagonal) return Turned(input, h);
        Variable fromState = Ops.Affine(h, weights.RecurrentWeight, weights.RecurrentBias);
        if (skipped is not null) fromState += Ops.Affine(skipped, weights.Skip!.Weight, null);
        switch (cell)
        {
            case RecurrentCell.Lstm or RecurrentCell.PeepholeLstm:
                return Lstm(input, fromState, carried);
            case RecurrentCell.Gru:
                Variable z = Gate(input, fromState, 1);
                Variable n = Ops.Tanh(Part(input, 2) + Gate(input, fromState, 0) * Part(fromState, 2));
                Variable state = n - z * n + z * carried;
                Carried.Add(Ops.Identity(state));
                return (state, Carried[^1]);
            case RecurrentCell.LeakyLinear or RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu:
                Variable leaked = carried + weights.PerUnit! * (Activated(input + fromState) - carried);
                return (leaked, leaked);
            case RecurrentCell.NormalizedLinear or RecurrentCell.NormalizedTanh or RecurrentCell.NormalizedRelu:
                Preactivations.Add(input + fromState);
                return (Activated(Ops.LayerNorm(
                    Preactivations[^1], Ops.Slice(weights.PerUnit!, 0, 0, Units),
                    Ops.Slice(weights.PerUnit!, 0, Units, Units), Kernels.RecurrentNormEpsilon)), h);
            default:
                Preactivations.Add(input + fromState);
                return (Activated(Preactivations[^1]), h);
        }
    }

    private Variable Activated(Variable a) => cell switch
    {
        RecurrentCell.Tanh or RecurrentCell.LeakyTanh or RecurrentCell.NormalizedTanh => Ops.Tanh(a),
        RecurrentCell.Relu or RecurrentCell.LeakyRelu or RecurrentCell.NormalizedRelu => Ops.Relu(a),
        RecurrentCell.ModRelu => Ops.Relu(Ops.Abs(a) + weights.PerUnit!) * Ops.Divide(a, Ops.Abs(a)),
        _ => Ops.Identity(a),
    };

    private Variable Part(Variable all, int gate) => Ops.Slice(all, 1, gate * Units, Units);

    private Variable Gate(Variable input, Variable fromState, int gate, Variable? seen = null)
    {
        Variable a = Part(input, gate) + Part(fromState, gate);
        return Ops.Sigmoid(seen is null ? a : a + seen);
    }

    private (Variable H, Variable C) Lstm(Variable input, Variable fromState, Variable before)
    {
        Variable? Seen(int gate, Variable c) => weights.PerUnit is { } all
            ? Ops.Slice(all, 0, gate * Units, Units) * c
            : null;
        Variable g = Ops.Tanh(Part(input, 2) + Part(fromState, 2));
        Variable c = Gate(input, fromState, 1, Seen(1, before)) * before
            + Gate(input, fromState, 0, Seen(0, before)) * g;
        Carried.Add(Ops.Identity(c));
        return (Gate(input, fromState, 3, Seen(2, Carried[^1])) * Ops.Tanh(c), Carried[^1]);
    }

    /// <summary>h times λ plus the input, in complex numbers.</summary>
    private (Variable H, Variable Carried) Turned(Variable input, Variable h)
    {
        int half = Units / 2;
        (Variable Real, Variable Imaginary) Parts(Variable x, int dimension) =>
            (Ops.Slice(x, dimension, 0, half), Ops.Slice(x, dimension, half, half));
        (Variable real, Variable imaginary) = Parts(h, 1);
        (Variable a, Variable b) = Parts(weights.PerUnit!, 0);
        Variable turned = input + Ops.Concatenate([a * real - b * imaginary, a * imaginary + b * real], 1);
        return (turned, turned);
    }
}
