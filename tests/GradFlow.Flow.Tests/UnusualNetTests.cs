using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class UnusualNetTests
{
    private static readonly Tensor Input = Nets.Normal("input", ElementType.Float32, 1, 6, 4);

    [Fact]
    public void A_module_used_twice_is_a_link_at_each_use_and_one_row_of_parameters()
    {
        Linear shared = Nets.Linear("shared", 4, 4);
        (RunStructure structure, Frame frame) = Watched.Once(
            Nets.Chain(shared, new Tanh("tanh-1"), shared, new Tanh("tanh-2"), Nets.Linear("last", 4, 2)), Input);
        structure.Cuts.Select(c => (c.Name, c.Layer)).ShouldBe(
            [("shared", 1), ("tanh-1", 1), ("shared", 2), ("tanh-2", 2), ("last", 3)]);
        structure.Parameters.Select(p => p.Name).ShouldBe(["shared.weight", "shared.bias", "last.weight", "last.bias"]);
        structure.Signals.Select(s => s.Name).ShouldBe(["shared", "tanh-1", "tanh-2", "last"]);
        ShouldBeSound(structure, frame);
    }

    [Fact]
    public void A_module_inside_two_blocks_breaks_no_sum()
    {
        Linear shared = Nets.Linear("shared", 4, 4);
        (RunStructure structure, Frame frame) = Watched.Once(
            Nets.Chain(
                Nets.Linear("first", 4, 4), new Residual("block-1", [shared]), new Residual("block-2", [shared]),
                Nets.Linear("last", 4, 2)),
            Input);
        structure.Cuts.Select(c => c.Name).ShouldBe(["first", "block-1", "block-2", "last"]);
        ShouldBeSound(structure, frame);
    }

    [Fact]
    public void Cuts_begin_after_the_layers_that_are_frozen()
    {
        Linear frozen = Nets.Linear("linear-1", 4, 4);
        frozen.Weight.IsFrozen = frozen.Bias!.IsFrozen = true;
        (RunStructure structure, Frame frame) = Watched.Once(
            Nets.Chain(frozen, new Tanh("tanh-1"), Nets.Linear("linear-2", 4, 4), new Tanh("tanh-2")), Input);
        structure.Cuts.Select(c => (c.Name, c.Layer)).ShouldBe([("linear-2", 2), ("tanh-2", 2)]);
        structure.Parameters.Select(p => p.IsFrozen).ShouldBe([true, true, false, false]);
        frame.Parameters!.GradientNorm![0].ShouldBeNull();
        frame.Parameters.ZeroShare![0].ShouldBeNull();
        frame.Parameters.WeightNorm![0].ShouldNotBeNull();
        ShouldBeSound(structure, frame);
    }

    [Fact]
    public void A_block_at_the_start_is_the_first_cut()
    {
        (RunStructure structure, Frame frame) = Watched.Once(
            Nets.Chain(new Residual("block", [Nets.Linear("linear-a", 4, 4), new Tanh("tanh-a")]),
            Nets.Linear("linear-1", 4, 2)),
            Input);
        structure.Cuts.Select(c => (c.Name, c.Layer, c.IsLayerOutput)).ShouldBe(
            [("block", 1, true), ("linear-1", 2, true)]);
        ShouldBeSound(structure, frame);
    }

    [Fact]
    public void A_net_without_weights_has_empty_tables()
    {
        (RunStructure structure, Frame frame) = Watched.Once(Nets.Chain(new Tanh("tanh-1"), new Relu("relu-1")), Input);
        structure.Cuts.ShouldBeEmpty();
        structure.Links.ShouldBeEmpty();
        structure.Parts.ShouldBeEmpty();
        structure.Parameters.ShouldBeEmpty();
        structure.Depth.ShouldBe(0);
        frame.CutNorms.ShouldBeEmpty();
        frame.GradientCosine.ShouldBeNull();
        frame.Forward!.Rms!.Count.ShouldBe(2);
    }

    [Fact]
    public void A_single_layer_is_one_cut_and_no_link()
    {
        (RunStructure structure, Frame frame) = Watched.Once(Nets.Linear("linear-1", 4, 2), Input);
        structure.Cuts.ShouldHaveSingleItem().ShouldBe(new CutInfo("linear-1", "linear", 1, true));
        structure.Links.ShouldBeEmpty();
        ShouldBeSound(structure, frame);
    }

    [Fact]
    public void Two_modules_of_one_name_are_refused() =>
        Should.Throw<ArgumentException>(() => StructureProbe.Describe(Nets.Chain(new Tanh("a"), new Relu("a")), Input))
            .Message.ShouldContain("'a'");

    [Fact]
    public void A_step_without_a_backward_pass_makes_no_frame()
    {
        Linear net = Nets.Linear("linear-1", 4, 2);
        var watch = new NetWatch(net, StructureProbe.Describe(net, Input), 6, Watched.EveryStep);
        watch.BeginStep(0);
        watch.BeforeUpdate();
        watch.AfterUpdate().ShouldBeNull();
    }

    [Fact]
    public void A_graph_that_no_longer_fits_the_tables_leaves_the_gains_unmeasured()
    {
        Linear first = Nets.Linear("linear-1", 4, 4);
        var watched = new Watched(Nets.Chain(first, new Tanh("tanh-1"), Nets.Linear("linear-2", 4, 2)), Input);
        first.Weight.IsFrozen = first.Bias!.IsFrozen = true;
        Frame frame = watched.Step(Input).ShouldNotBeNull();
        frame.CutNorms.ShouldBeNull();
        frame.PartGains.ShouldBeNull();
        frame.Forward.ShouldNotBeNull();
    }

    private static void ShouldBeSound(RunStructure structure, Frame frame)
    {
        structure.Links.Count.ShouldBe(structure.Cuts.Count - 1);
        frame.CutNorms.ShouldNotBeNull().Count.ShouldBe(structure.Cuts.Count);
        frame.PartGains.ShouldNotBeNull().Count.ShouldBe(structure.Parts.Count);
        frame.CutNorms.ShouldAllBe(norm => double.IsFinite(norm!.Value));
        frame.PartGains.Sum(g => g!.Value).ShouldBe(frame.CutNorms[0]!.Value - frame.CutNorms[^1]!.Value, 1e-9);
        structure.Parts.ShouldAllBe(part => part.Link < structure.Links.Count);
    }
}
