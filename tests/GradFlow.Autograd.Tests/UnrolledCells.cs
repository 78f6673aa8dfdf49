using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Recurrent layers as a small op per time step and gate: what the fused ops are compared with.</summary>
internal sealed class UnrolledCells(RecurrentCell cell, RecurrentInputs weights)
{
    /// <summary>h_t of every step.</summary>
    public List<Variable> States { get; } = [];

    /// <summary>The state as the next step's gate alone carries it on, of every step; none for a plain cell.</summary>
    public List<Variable> Carried { get; } = [];

    /// <summary>a_t of every step of a plain cell.</summary>
    public List<Variable> Preactivations { get; } = [];

    private int Units => weights.RecurrentWeight.Shape[1];

    public Variable Run(Variable x, int? window = null, CarriedState? initial = null)
    {
        Tape tape = x.Tape;
        int samples = x.Shape[0], steps = x.Shape[1];
        Variable h = initial?.H ?? tape.Constant(Tensor.Zeros(new Shape(samples, Units), x.Value.ElementType));
        Variable carried = initial?.Cell ?? h;
        for (int t = 0; t < steps; t++)
        {
            if (window is { } length && (steps - t) % length == 0)
                (h, carried) = (tape.Constant(h.Value), tape.Constant(carried.Value));
            (h, carried) = Advance(Ops.Affine(Ops.Select(x, 1, t), weights.Weight, weights.Bias), h, carried);
            States.Add(h);
        }
        return Ops.Stack(States, 1);
    }

    private (Variable H, Variable Carried) Advance(Variable input, Variable h, Variable carried)
    {
        Variable fromState = Ops.Affine(h, weights.RecurrentWeight, weights.RecurrentBias);
        Variable Part(Variable all, int gate) => Ops.Slice(all, 1, gate * Units, Units);
        Variable Gate(int gate) => Ops.Sigmoid(Part(input, gate) + Part(fromState, gate));
        if (cell == RecurrentCell.Lstm)
        {
            Variable g = Ops.Tanh(Part(input, 2) + Part(fromState, 2));
            Variable c = Gate(1) * carried + Gate(0) * g;
            Carried.Add(Ops.Identity(c));
            return (Gate(3) * Ops.Tanh(c), Carried[^1]);
        }
        if (cell == RecurrentCell.Gru)
        {
            Variable z = Gate(1), n = Ops.Tanh(Part(input, 2) + Gate(0) * Part(fromState, 2));
            Variable state = n - z * n + z * carried;
            Carried.Add(Ops.Identity(state));
            return (state, Carried[^1]);
        }
        Variable a = input + fromState;
        Preactivations.Add(a);
        return (cell == RecurrentCell.Tanh ? Ops.Tanh(a) : cell == RecurrentCell.Relu ? Ops.Relu(a) : Ops.Identity(
            a), h);
    }
}
