using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class SkipBlockTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void A_learned_scale_is_measured_as_the_same_fixed_one()
    {
        (RunStructure expectedTables, Frame expected) = Measure(branch => new Residual("block", branch, 0.3));
        foreach (Func<IReadOnlyList<Module>, LearnedScaleBlock> make in new Func<IReadOnlyList<Module>,
            LearnedScaleBlock>[]
            {
                branch => new SkipInit("block", branch, ElementType.Float64),
                branch => new ReZero("block", branch, ElementType.Float64),
            })
        {
            (RunStructure tables, Frame frame) = Measure(branch =>
            {
                LearnedScaleBlock block = make(branch);
                block.Scale.Value[0] = 0.3;
                return block;
            });
            tables.Parts.Select(p => (p.Name, p.Kind)).ShouldBe(expectedTables.Parts.Select(p => (p.Name, p.Kind)));
            for (int i = 0; i < tables.Parts.Count; i++)
                frame.PartGains![i]!.Value.ShouldBe(expected.PartGains![i]!.Value, Tolerance, tables.Parts[i].Name);
        }
    }

    [Theory]
    [InlineData("skip-init")]
    [InlineData("rezero")]
    [InlineData("fixup")]
    public void A_block_that_starts_as_the_identity_changes_no_gradient_and_gives_all_of_it_to_the_skip(string type)
    {
        (RunStructure tables, Frame frame) = Measure(branch =>
        {
            if (type != "fixup")
                return type == "rezero"
                    ? new ReZero("block", branch, ElementType.Float64)
                    : new SkipInit("block", branch, ElementType.Float64);
            var block = new Fixup("block", branch, ElementType.Float64);
            block.InitializeInPlace(3);
            return block;
        });
        tables.Links.ShouldHaveSingleItem().Kind.ShouldBe(LinkKind.Skip);
        (frame.CutNorms![0] - frame.CutNorms[1])!.Value.ShouldBe(0, Tolerance);
        GainOf(tables, frame, "block").ShouldBe(0, Tolerance);
        frame.PartGains!.Where((_, i) => tables.Parts[i].Kind != LinkKind.Skip).ShouldContain(
            gain => !double.IsFinite(gain!.Value));
    }

    [Fact]
    public void A_fixup_branch_that_has_left_zero_adds_up()
    {
        (RunStructure tables, Frame frame) = Measure(branch => new Fixup("block", branch, ElementType.Float64));
        tables.Parts.Select(p => p.Name).ShouldBe(
            ["block-bias-1", "linear-a", "block-bias-2", "tanh-a", "block-bias-3", "linear-b", "block scale", "block"]);
        frame.PartGains!.Sum(gain => gain!.Value).ShouldBe((frame.CutNorms![0] - frame.CutNorms[1])!.Value, Tolerance);
        GainOf(tables, frame, "block scale").ShouldBe(0, Tolerance);
    }

    [Fact]
    public void A_concatenations_branch_has_its_share_of_the_cotangent()
    {
        (RunStructure tables, Frame frame) = Measure(branch => new DenseConcat("block", branch));
        tables.Parts.Select(p => p.Name).ShouldBe(["linear-a", "tanh-a", "linear-b", "block share", "block"]);
        frame.PartGains!.Sum(gain => gain!.Value).ShouldBe((frame.CutNorms![0] - frame.CutNorms[1])!.Value, Tolerance);
        GainOf(tables, frame, "block share").ShouldBeLessThan(0);
        // The shares of branch and skip are parts of one vector.
        double branch = Math.Pow(10, 2 * GainOf(tables, frame, "block share"));
        branch.ShouldBeInRange(0.1, 0.9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shortcuts_cotangent_is_the_skips_and_not_the_branchs(bool isProjected)
    {
        Linear branch = Nets.Linear("linear-a", 7, 9, 0.5, ElementType.Float64);
        Shortcut shortcut = isProjected
            ? new ProjectionShortcut(
                new Parameter("block.shortcut-weight", Nets.Normal("s", ElementType.Float64, 3, 9, 7)))
            : new ZeroPaddingShortcut(9);
        var plain = Nets.Chain(Nets.Linear("linear-1", 5, 7, 0.5, ElementType.Float64), branch);
        var block = Nets.Chain(plain.Children[0], new Residual("block", [branch], 1, shortcut));
        Tensor input = Nets.Normal("input", ElementType.Float64, 1, 6, 5);
        (RunStructure tables, Frame frame) = Watched.Once(block, input);
        (RunStructure expectedTables, Frame expected) = Watched.Once(plain, input);
        tables.Parts.Select(p => (p.Name, p.Kind)).ShouldBe([("linear-a", LinkKind.Weights), ("block", LinkKind.Skip)]);
        frame.PartGains!.Sum(gain => gain!.Value).ShouldBe((frame.CutNorms![0] - frame.CutNorms[1])!.Value, Tolerance);
        // The loss is linear, so that its gradient doesn't depend on what lies beside the branch.
        GainOf(tables, frame, "linear-a").ShouldBe(GainOf(expectedTables, expected, "linear-a"), Tolerance);
    }

    private static double GainOf(RunStructure tables, Frame frame, string part) =>
        frame.PartGains![tables.Parts.Index().Single(p => p.Item.Name == part).Index]!.Value;

    private static (RunStructure, Frame) Measure(Func<IReadOnlyList<Module>, SkipBlock> make)
    {
        Module[] branch =
        [
            Nets.Linear("linear-a", 7, 9, 0.5, ElementType.Float64, 0.1), new Tanh("tanh-a"),
            Nets.Linear("linear-b", 9, 7, 0.5, ElementType.Float64),
        ];
        return Watched.Once(
            Nets.Chain(Nets.Linear("linear-1", 5, 7, 0.5, ElementType.Float64), make(branch)),
            Nets.Normal("input", ElementType.Float64, 1, 6, 5));
    }
}
