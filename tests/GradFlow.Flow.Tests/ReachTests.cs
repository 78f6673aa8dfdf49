using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>How far windows of attention let an output see, against what changing one time step really does.</summary>
public sealed class ReachTests
{
    private const int Features = 4, Steps = 20;

    [Theory]
    [InlineData(true, new[] { 4 }, 3)]
    [InlineData(true, new[] { 4, 4 }, 6)]
    [InlineData(true, new[] { 2, 5, 1 }, 5)]
    [InlineData(false, new[] { 5, 5 }, 4)]
    [InlineData(false, new[] { 4 }, 2)]
    public void Windows_add_up_to_what_the_last_output_really_sees(bool isCausal, int[] windows, int reach)
    {
        Sequential net = Net([.. windows.Select((window, i) => Block(i, isCausal, window))]);
        RunStructure tables = StructureProbe.Describe(net, Input());
        tables.Reach.ShouldBe(reach);
        tables.Attentions.ShouldNotBeNull().Select(layer => layer.Window).ShouldBe(windows.Cast<int?>());
        tables.Attentions.ShouldAllBe(layer => layer.IsCausal == isCausal);
        FarthestSeen(net).ShouldBe(reach);
    }

    [Theory]
    [InlineData(5, 1, 2, 5)]
    [InlineData(3, 3, 3, 6)]
    [InlineData(3, 2, 0, 7)]
    [InlineData(1, 1, 0, 3)]
    public void Kernels_along_time_add_what_they_see(int size, int dilation, int padding, int reach)
    {
        Sequential net = Net(Along(new Window(size, 1, padding, dilation)), Block(0, true, 4));
        Reach(net).ShouldBe(reach);
        FarthestSeen(net).ShouldBe(reach);
    }

    [Fact]
    public void Kernels_that_skip_places_or_go_round_leave_the_reach_open()
    {
        Reach(Net(Along(new Window(3, Stride: 2, Padding: 1)), Block(0, true, 4))).ShouldBeNull();
        Reach(Net(Along(new Window(3, Padding: 1), isCircular: true), Block(0, true, 4))).ShouldBeNull();
    }

    [Fact]
    public void An_output_that_sees_all_or_whose_reach_is_open_has_none()
    {
        Module block = Block(0, true, 4);
        Reach(Net(block, Block(1, true, null))).ShouldBeNull();
        Reach(Net(block, Cells.Rnn(null, Square("u"), Square("w")))).ShouldBeNull();
        Reach(Net(block, new GlobalPool("pool", PoolingKind.Average))).ShouldBeNull();
        Reach(Nets.Chain(new Flatten("flat"), Nets.Linear("last", Steps * Features, 2))).ShouldBeNull();
        Reach(Net(block, new Mixing())).ShouldBeNull();
        Reach(Nets.Chain(Nets.Linear("only", Features, 2))).ShouldBeNull();
    }

    [Fact]
    public void What_is_done_outside_of_the_net_leaves_the_reach_open()
    {
        Sequential net = Net(Block(0, true, 4));
        using var tape = new Tape();
        Variable output = net.Apply(tape.Constant(Input()), Pass.Evaluation);
        StructureProbe.Describe(net, tape, Ops.Scale(Ops.Sum(output), 0.5)).Reach.ShouldBe(3);
        Variable flat = Ops.Reshape(output, new Shape(2, Steps * Features));
        StructureProbe.Describe(net, tape, Ops.Sum(flat)).Reach.ShouldBeNull();
    }

    private static Tensor Square(string name) => Nets.Normal(name, ElementType.Float32, 0.3, Features, Features);

    private static int? Reach(Sequential net) => StructureProbe.Describe(net, Input()).Reach;

    private static Tensor Input() => Nets.Normal("input", ElementType.Float32, 1, 2, Steps, Features);

    private static Sequential Net(params Module[] blocks) => Nets.Chain(
        [Nets.Linear("first", Features, Features), .. blocks]);

    private static Conv1d Along(Window kernel, bool isCircular = false) => Conv1d.Create(
        "along", Features, Features, new Convolution(Window.Single, kernel, isCircular: isCircular), seed: 3);

    private static Residual Block(int index, bool isCausal, int? window) => new(
        $"block-{index}",
        [
            MultiHeadAttention.Create(
                $"attention-{index}", Features, new AttentionSettings(2, IsCausal: isCausal, Window: window), seed: 3),
        ]);

    /// <summary>The farthest time step back whose input moves the last output.</summary>
    private static int FarthestSeen(Sequential net)
    {
        double[] given = LastOutput(net, Input());
        return Enumerable.Range(0, Steps).Last(lag =>
        {
            Tensor other = Input();
            for (int i = 0; i < Features; i++) other[1, Steps - 1 - lag, i] += 1;
            return !LastOutput(net, other).SequenceEqual(given);
        });
    }

    private static double[] LastOutput(Sequential net, Tensor input)
    {
        using var tape = new Tape();
        return net.Apply(tape.Constant(input), Pass.Evaluation).Value.ToDoubles()[^Features..];
    }

    /// <summary>A layer of somebody's own, of which nobody knows what it does with time steps.</summary>
    private sealed class Mixing() : Module("mixing", "mixing", ModuleKind.Other)
    {
        public override IReadOnlyList<Module> Children => [];

        public override IReadOnlyList<Parameter> OwnParameters => [];

        public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

        protected override Variable Forward(Variable x, Pass pass) => Ops.Tanh(x);
    }
}
