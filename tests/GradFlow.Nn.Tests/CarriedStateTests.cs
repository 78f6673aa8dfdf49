using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Sequences that come in pieces, the state carried from one to the next.</summary>
public sealed class CarriedStateTests
{
    private const int Samples = 3, Steps = 7, Inputs = 4, Units = 6;

    public static TheoryData<string> Cells => RecurrentTests.Cells;

    [Theory]
    [MemberData(nameof(Cells))]
    public void Sequences_in_pieces_have_the_same_outputs_as_in_one(string cell)
    {
        Sequential net = Stack(cell);
        Tensor all = Sequences(Samples, Steps), whole = Apply(net, all);
        foreach (int[] pieces in (int[][])[[7], [3, 4], [1, 1, 1, 1, 1, 1, 1]])
        {
            var carried = new CarriedStates();
            int start = 0;
            foreach (int count in pieces)
            {
                Apply(net, all.Slice(1, start, count).Clone(), carried).ToDoubles()
                    .ShouldBe(whole.Slice(1, start, count).Clone().ToDoubles());
                start += count;
            }
            carried["upper"]!.Value.H.ToDoubles()
                .ShouldBe(whole.Slice(1, Steps - 1, 1).Clone().ToDoubles());
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_sample_that_ends_earlier_carries_the_state_of_its_own_last_step(string cell)
    {
        Sequential net = Stack(cell);
        Tensor all = Sequences(Samples, Steps);
        int[] first = [4, 2, 3];
        var carried = new CarriedStates();
        Apply(net, all.Slice(1, 0, 4).Clone(), carried, first);
        Tensor rest = Apply(net, all.Slice(1, 4, 2).Clone(), carried);
        for (int i = 0; i < Samples; i++)
        {
            Tensor Piece(int start, int count) => all.Slice(0, i, 1).Slice(1, start, count).Clone();
            var own = new CarriedStates();
            Apply(net, Piece(0, first[i]), own);
            rest.Slice(0, i, 1).Clone().ToDoubles().ShouldBe(Apply(net, Piece(4, 2), own).ToDoubles());
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void No_gradient_passes_to_the_piece_before_and_parameters_get_theirs(string cell)
    {
        Sequential net = Stack(cell), segmented = new("net", net.Children) { SegmentLength = 1 };
        double[] Gradients(Sequential layers)
        {
            var carried = new CarriedStates();
            Tensor all = Sequences(Samples, Steps);
            var pool = new TensorPool();
            foreach (int start in (int[])[0, 3])
            {
                using var tape = new Tape(pool);
                Variable x = tape.Input(all.Slice(1, start, 3).Clone());
                Variable y = layers.Apply(x, ModuleTests.Training(0) with { Carried = carried });
                tape.Backward(y, ModuleTests.Random(y.Shape, 8, ElementType.Float64));
            }
            return [.. layers.AllParameters().SelectMany(p =>
            {
                double[] gradient = p.Gradient.ToDoubles();
                Kernels.FillInPlace(p.Gradient, 0);
                return gradient;
            })];
        }
        double[] gradients = Gradients(net);
        gradients.ShouldContain(g => g != 0);
        Gradients(segmented).ShouldBe(gradients);
    }

    [Fact]
    public void States_are_saved_loaded_and_cleared()
    {
        Sequential net = Stack("lstm");
        Tensor all = Sequences(Samples, Steps);
        CarriedStates carried = new(), loaded = new();
        Apply(net, all, carried);
        carried.State.Keys.Order().ShouldBe(["lower.c", "lower.h", "upper.c", "upper.h"]);
        loaded.LoadState(carried.State);
        Apply(net, all, loaded).ToDoubles().ShouldBe(Apply(net, all, carried).ToDoubles());

        carried.Clear();
        carried["lower"].ShouldBeNull();
        Apply(net, all, carried).ToDoubles().ShouldBe(Apply(net, all).ToDoubles());
        Should.Throw<ArgumentException>(() => Apply(net, Sequences(2, 3), carried)).Message.ShouldBe(
            "'lower' got 2 sequences and the states of 3 others; expected the next pieces of the same sequences, or "
                + "CarriedStates.Clear between");
        Should.Throw<ArgumentException>(() => loaded.LoadState(new Dictionary<string, Tensor> { ["a.x"] = all }))
            .Message.ShouldBe("'a.x' is no state of a recurrent layer; expected NAME.h, NAME.c or NAME.past");
    }

    private static Sequential Stack(string cell) => new("net", [
        Recurrences.Layer(cell, "lower", Recurrences.Draw(cell, Inputs, Units).Parameters),
        Recurrences.Layer(cell, "upper", Recurrences.Draw(cell, Units, Units).Parameters)]);

    private static Tensor Sequences(int samples, int steps) =>
        ModuleTests.Random(new Shape(samples, steps, Inputs), 7, ElementType.Float64);

    private static Tensor Apply(
        Module net, Tensor x, CarriedStates? carried = null, ReadOnlyMemory<int> lengths = default)
    {
        using var tape = new Tape { IsRecording = false };
        var pass = Pass.Evaluation with { Carried = carried, Lengths = lengths };
        return net.Apply(tape.Constant(x), pass).Value.Clone();
    }
}
