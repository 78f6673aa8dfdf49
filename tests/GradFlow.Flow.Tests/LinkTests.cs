using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class LinkTests
{
    private static readonly Tensor Input = Nets.Normal("input", ElementType.Float32, 1, 6, 5);

    [Fact]
    public void A_chain_is_cut_after_every_layer_from_the_first_weighted_one_on()
    {
        Sequential net = Nets.Chain(
            new Tanh("tanh-0"), Nets.Linear("linear-1", 5, 7), new Sigmoid("sigmoid-1"), Nets.Linear("linear-2", 7, 4));
        RunStructure structure = StructureProbe.Describe(net, Input);
        structure.Cuts.ShouldBe([
            new CutInfo("linear-1", "linear", 1, true),
            new CutInfo("sigmoid-1", "sigmoid", 1, false),
            new CutInfo("linear-2", "linear", 2, true)]);
        structure.Links.ShouldBe([
            new LinkInfo("sigmoid-1", "sigmoid", LinkKind.Activation, 1),
            new LinkInfo("linear-2", "linear", LinkKind.Weights, 2)]);
        structure.Parts.ShouldBe([
            new PartInfo(0, "sigmoid-1", "sigmoid", LinkKind.Activation),
            new PartInfo(1, "linear-2", "linear", LinkKind.Weights)]);
        structure.Depth.ShouldBe(2);
    }

    [Fact]
    public void A_residual_block_is_one_link_of_its_branch_and_its_skip()
    {
        RunStructure structure = StructureProbe.Describe(WithBlock(1), Input);
        structure.Cuts.Select(c => (c.Name, c.Layer, c.IsLayerOutput)).ShouldBe(
            [("linear-1", 1, true), ("block", 3, true), ("linear-2", 4, true)]);
        structure.Parts.ShouldBe([
            new PartInfo(0, "linear-a", "linear", LinkKind.Weights),
            new PartInfo(0, "tanh-a", "tanh", LinkKind.Activation),
            new PartInfo(0, "linear-b", "linear", LinkKind.Weights),
            new PartInfo(0, "block", "residual", LinkKind.Skip),
            new PartInfo(1, "linear-2", "linear", LinkKind.Weights)]);
    }

    [Fact]
    public void A_scaled_block_has_a_part_for_its_scale() =>
        StructureProbe.Describe(WithBlock(0.25), Input).Parts.ShouldContain(
            new PartInfo(0, "block scale", "scale", LinkKind.Other));

    [Fact]
    public void Dropout_is_a_link_in_training_so_frames_fit_the_tables()
    {
        Sequential net = Nets.Chain(
            new Flatten("flatten"), Nets.Linear("linear-1", 5, 8), new Relu("relu-1"), new Dropout("dropout-1", 0.5),
            Nets.Linear("linear-2", 8, 3));
        (RunStructure structure, Frame frame) = Watched.Once(net, Input.Reshape(new Shape(6, 1, 5)));
        structure.Cuts.Select(c => c.Name).ShouldBe(["linear-1", "relu-1", "dropout-1", "linear-2"]);
        structure.Links[1].Kind.ShouldBe(LinkKind.Other);
        frame.CutNorms.ShouldNotBeNull().ShouldAllBe(norm => norm != null && double.IsFinite(norm.Value));
    }

    [Fact]
    public void Cut_norms_are_the_cotangents_norms_in_the_order_of_the_net()
    {
        Linear first = Nets.Linear("linear-1", 5, 7), second = Nets.Linear("linear-2", 7, 4);
        (_, Frame frame) = Watched.Once(Nets.Chain(first, second), Input);
        double[] last = Nets.Normal("loss", ElementType.Float64, 1, 6, 4).ToDoubles();
        frame.CutNorms![1]!.Value.ShouldBe(0.5 * Math.Log10(last.Sum(x => x * x)), 1e-6);
        frame.CutNorms[0]!.Value.ShouldBe(0.5 * Math.Log10(Product(last, second.Weight.Value).Sum(x => x * x)), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void Parts_sum_to_the_difference_of_cut_norms(double scale)
    {
        (RunStructure structure, Frame frame) = Watched.Once(WithBlock(scale), Input);
        for (int link = 0; link < structure.Links.Count; link++)
        {
            double sum = 0;
            for (int part = 0; part < structure.Parts.Count; part++)
                if (structure.Parts[part].Link == link) sum += frame.PartGains![part]!.Value;
            sum.ShouldBe(frame.CutNorms![link]!.Value - frame.CutNorms[link + 1]!.Value, 1e-12);
        }
    }

    [Fact]
    public void Describing_a_net_changes_nothing_in_it()
    {
        var norm = new BatchNorm("batch-norm-1", 7);
        Sequential net = Nets.Chain(Nets.Linear("linear-1", 5, 7), norm, Nets.Linear("linear-2", 7, 2));
        double[] before = [.. norm.RunningMean.ToDoubles(), .. norm.RunningVariance.ToDoubles()];
        StructureProbe.Describe(net, Input).Cuts.Count.ShouldBe(3);
        double[] after = [.. norm.RunningMean.ToDoubles(), .. norm.RunningVariance.ToDoubles()];
        after.ShouldBe(before);
        net.AllParameters().ShouldAllBe(p => !p.HasGradient);
    }

    [Fact]
    public void Parameters_and_signals_are_described_in_the_order_of_the_net()
    {
        Sequential net = Nets.Chain(
            Nets.Linear("linear-1", 5, 7, std: 0.3), new Sigmoid("sigmoid-1"), Nets.Linear("linear-2", 7, 4));
        RunStructure structure = StructureProbe.Describe(
            net, Input, new Dictionary<string, string> { ["linear-1.weight"] = "normal: 0.3" });
        structure.Parameters.Select(p => (p.Name, p.Layer, p.Role, p.FanIn, p.FanOut)).ShouldBe([
            ("linear-1.weight", 1, "weight", 5, 7), ("linear-1.bias", 1, "bias", 0, 0),
            ("linear-2.weight", 2, "weight", 7, 4), ("linear-2.bias", 2, "bias", 0, 0)]);
        structure.Parameters[0].Init.ShouldBe("normal: 0.3");
        double[] weights = net.AllParameters()[0].Value.ToDoubles();
        double mean = weights.Average();
        structure.Parameters[0].InitialStd!.Value.ShouldBe(
            Math.Sqrt(weights.Average(w => (w - mean) * (w - mean))), 1e-9);
        structure.Signals.Select(s => (s.Name, s.Kind, s.Layer, s.Units)).ShouldBe([
            ("linear-1", LinkKind.Weights, 1, 7), ("sigmoid-1", LinkKind.Activation, 1, 7),
            ("linear-2", LinkKind.Weights, 2, 4)]);
    }

    private static Sequential WithBlock(double scale) => Nets.Chain(
        Nets.Linear("linear-1", 5, 7),
        new Residual(
            "block", [Nets.Linear("linear-a", 7, 9), new Tanh("tanh-a"), Nets.Linear("linear-b", 9, 7)], scale),
        Nets.Linear("linear-2", 7, 4));

    private static IEnumerable<double> Product(double[] rows, Tensor weight)
    {
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        for (int n = 0; n < rows.Length / outputs; n++)
        {
            for (int i = 0; i < inputs; i++)
                yield return Enumerable.Range(0, outputs).Sum(o => rows[n * outputs + o] * weight[o, i]);
        }
    }
}
