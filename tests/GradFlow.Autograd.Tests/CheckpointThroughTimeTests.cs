using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Sequences in checkpointed segments of some time steps, each of which hands its state to the next.</summary>
public sealed class CheckpointThroughTimeTests
{
    private const int Samples = 4, Inputs = 3, Units = 16;

    public static TheoryData<RecurrentCell> Cells => [RecurrentCell.Tanh, RecurrentCell.Lstm, RecurrentCell.Gru];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Gradients_are_those_of_the_whole_sequence(RecurrentCell cell)
    {
        Tensor[] whole = Differentiate(cell, steps: 50, segment: null);
        foreach (int segment in (int[])[1, 7, 10])
        {
            Tensor[] parted = Differentiate(cell, 50, segment);
            for (int i = 0; i < whole.Length; i++)
                parted[i].ToDoubles().ShouldBe(
                    whole[i].ToDoubles(), 1e-13 * Math.Max(1, Kernels.MaxAbs(whole[i])), $"{segment}: {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Memory_grows_with_the_root_of_the_time_steps(RecurrentCell cell)
    {
        double Growth(Func<int, int?> segment) =>
            Bytes(cell, 16_384, segment(16_384)) / Bytes(cell, 1024, segment(1024));
        Growth(_ => null).ShouldBe(16, tolerance: 1);
        Growth(steps => (int)Math.Sqrt(steps)).ShouldBeLessThan(4.6);
    }

    private static Tensor[] Differentiate(RecurrentCell cell, int steps, int? segment)
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Twofold("x", Samples, steps, Inputs));
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, Units);
        Variable h = LastOf(cell, x, weights, segment);
        return [.. tape.Gradients(h, [x, .. RecurrentTests.Trained(weights)], Draws.Twofold("g", Samples, Units))
            .Select(gradient => gradient!)];
    }

    /// <summary>What a step lends, beside the sequences themselves.</summary>
    private static double Bytes(RecurrentCell cell, int steps, int? segment)
    {
        var pool = new TensorPool();
        using var tape = new Tape(pool);
        Variable x = tape.Constant(Draws.Twofold("x", Samples, steps, Inputs));
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, Units);
        Variable h = LastOf(cell, x, weights, segment);
        tape.Gradients(h, [.. RecurrentTests.Trained(weights)], Draws.Twofold("g", Samples, Units));
        return pool.AllocatedBytes;
    }

    /// <summary>The last state, in segments or in one piece.</summary>
    private static Variable LastOf(RecurrentCell cell, Variable x, RecurrentInputs weights, int? segment)
    {
        int steps = x.Shape[1], width = cell == RecurrentCell.Lstm ? 2 * Units : Units;
        if (segment is null) return Ops.LastState(RecurrentTests.Fused(cell, x, weights)).H;
        Variable state = x.Tape.Constant(Tensor.Zeros(new Shape(Samples, width), ElementType.Float64));
        for (int first = 0; first < steps; first += segment.Value)
        {
            (int from, int length) = (first, Math.Min(segment.Value, steps - first));
            state = x.Tape.Checkpoint(
                state, before => Advance(cell, Ops.Slice(x, 1, from, length), weights, before));
        }
        return Ops.Slice(state, 1, 0, Units);
    }

    /// <summary>From one joint state [h, c] to that after some time steps.</summary>
    private static Variable Advance(RecurrentCell cell, Variable x, RecurrentInputs weights, Variable before)
    {
        bool hasCell = cell == RecurrentCell.Lstm;
        var begun = new CarriedState(
            Ops.Slice(before, 1, 0, Units), hasCell ? Ops.Slice(before, 1, Units, Units) : null);
        CarriedState last = Ops.LastState(RecurrentTests.Fused(cell, x, weights, initial: begun));
        return hasCell ? Ops.Concatenate([last.H, last.Cell!], 1) : last.H;
    }
}
