using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Nets whose recurrent layers part their time steps, against those that keep all.</summary>
public sealed class CheckpointedTimeStepsTests
{
    private const int Samples = 4, Inputs = 3, Units = 16;

    public static TheoryData<string> Cells => ["rnn-tanh", "lstm", "gru"];

    public static TheoryData<string, int?, int?> CellsSegmentsAndWindows =>
        new MatrixTheoryData<string, int?, int?>(["rnn-tanh", "lstm", "gru"], [null, 1, 2, 4], [null, 7]);

    [Theory, MemberData(nameof(CellsSegmentsAndWindows))]
    public void Gradients_are_those_of_a_net_that_keeps_all(string cell, int? segment, int? window)
    {
        double[] Differentiate(bool isParted)
        {
            Sequential net = Net(cell, segment, isParted, window);
            using var tape = new Tape();
            Variable y = net.Apply(tape.Constant(Sequences(50)), Pass.Evaluation);
            tape.Backward(Ops.Sum(y));
            return [.. y.Value.ToDoubles(), .. net.Children[0].OwnParameters.SelectMany(p => p.Gradient.ToDoubles())];
        }
        Differentiate(true).ShouldBe(Differentiate(false), 1e-12);
    }

    /// <summary>With a last step behind it, neither states nor their cotangents are held.</summary>
    [Theory, MemberData(nameof(Cells))]
    public void Memory_grows_with_the_root_of_the_time_steps(string cell)
    {
        double Bytes(int steps, int? segment)
        {
            Sequential net = Net(cell, segment, isParted: true);
            var pool = new TensorPool();
            for (int step = 0; step < 2; step++)
            {
                using var tape = new Tape(pool);
                tape.Backward(Ops.Sum(net.Apply(tape.Constant(Sequences(steps)), Pass.Evaluation)));
            }
            return pool.AllocatedBytes;
        }
        foreach (int? segment in (int?[])[null, 1, 2])
            (Bytes(16_384, segment) / Bytes(1024, segment)).ShouldBeLessThan(4.6, $"{segment}");
    }

    [Theory, MemberData(nameof(Cells))]
    public void States_that_somebody_asks_for_are_there(string cell)
    {
        double[][] Read(bool isParted)
        {
            Sequential net = Net(cell, null, isParted);
            using var tape = new Tape();
            Variable y = net.Apply(tape.Input(Sequences(50)), Pass.Evaluation);
            Variable h = tape.Variables.Single(variable => variable.Recurrence is not null);
            // Both a state on the way and the last go on to the result.
            Variable sum = Ops.Sum(y) + Ops.Sum(Ops.Select(h, 1, 20));
            double[] norms = tape.Log10GradientNorms(sum, [h, y]);
            tape.Backward(sum);
            return [h.Value.ToDoubles(), norms, h.Recurrence!.StateRms(), h.Recurrence.LastState().H.ToDoubles(),
                tape.NormsThroughTime(sum, [h])[0]!.States.ToArray(),
                [.. net.Children[0].OwnParameters.SelectMany(p => p.Gradient.ToDoubles())]];
        }
        double[][] whole = Read(false), parted = Read(true);
        for (int i = 0; i < whole.Length; i++) parted[i].ShouldBe(whole[i], 1e-12, $"{i}");
    }

    private static Sequential Net(string cell, int? segment, bool isParted, int? window = null)
    {
        Recurrent layer = Recurrences.Draw(cell, Inputs, Units, window);
        // Drawn with a variance of 1, the gradient would explode.
        foreach (Parameter parameter in layer.OwnParameters) Kernels.Scale(parameter.Value, 0.2, parameter.Value);
        return new Sequential("net", [layer, new LastStep("last-step"), new Tanh("tanh")])
        {
            SegmentLength = segment,
            CheckpointsTimeSteps = isParted,
        };
    }

    private static Tensor Sequences(int steps) =>
        ModuleTests.Random(new Shape(Samples, steps, Inputs), 7, ElementType.Float64);
}
