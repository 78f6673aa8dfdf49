using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// A recurrent layer over all time steps as one op. Its derivative runs back through time to the cotangents of the
    /// pre-activations, a_t, and sums over time afterwards: ∂x = ∂a·W, ∂W = ∂aᵀ·x, ∂U = Σ_t ∂a_tᵀ·h_{t−1} and ∂b = Σ
    /// ∂a, a product each.
    /// </summary>
    private static Variable Recur(string name, RecurrentCell cell, Variable x, RecurrentInputs weights, int? window)
    {
        RequireRecurrentShapes(cell, x, weights, window);
        Tape tape = x.Tape;
        int samples = x.Shape[0], steps = x.Shape[1], units = weights.RecurrentWeight.Shape[1];
        RecurrentWeights values = weights.Values;
        Tensor sequences = Dense(x.Value);
        Tensor h = tape.Rent(new Shape(samples, steps, units), x.Value.ElementType);
        Tensor kept = tape.Rent(
            new Shape(samples, steps, Kernels.RecurrentKept(cell) * units), x.Value.ElementType);
        Kernels.RecurrentForward(cell, values, sequences, kept, h, tape.Pool);
        Variable[] inputs = [x, weights.Weight, weights.RecurrentWeight,
            .. new[] { weights.Bias, weights.RecurrentBias }.OfType<Variable>()];
        Variable output = tape.Record(name, h, inputs, (g, sink) =>
        {
            Tensor a = tape.Rent(
                new Shape(samples, steps, Kernels.RecurrentColumns(cell) * units), x.Value.ElementType);
            int exponent = Kernels.RecurrentBackward(
                cell, values, window, kept, h, g, a, tape.Pool, sink.Norms, tape.IsRenormalized);
            if (weights.RecurrentWeight.NormPenalty is { } penalty && sink.FillsParameters && sink.Wants(2)
                && penalty.Gradient(tape, cell, values.RecurrentWeight, a, h, window) is { } added)
                sink.Give(2, added, -sink.Exponent);
            new RecurrentCotangents(tape, sink, a, exponent).Give(sequences, weights, h);
            tape.Pool.Return(a);
        });
        output.Recurrence = new Recurrence(cell, output);
        if (!output.RequiresGradient) tape.Pool.Return(kept);
        return output;
    }

    private static void RequireRecurrentShapes(RecurrentCell cell, Variable x, RecurrentInputs weights, int? window)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weights);
        SameTape(x, weights.Weight);
        SameTape(x, weights.RecurrentWeight);
        if (window is { } length) ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(window));
        int gates = Kernels.RecurrentGates(cell);
        Shape w = weights.Weight.Shape, u = weights.RecurrentWeight.Shape;
        if (u.Count != 2 || w.Count != 2 || u[0] != gates * u[1] || w[0] != u[0])
            throw new ArgumentException(
                $"weights {w} and {u}; expected [{gates}·units, in] and [{gates}·units, units]");
        if (x.Shape.Count != 3 || x.Shape[1] < 1 || x.Shape[2] != w[1])
            throw new ArgumentException($"input {x.Shape} does not fit weight {w}; expected [n, T, {w[1]}]");
    }
}
