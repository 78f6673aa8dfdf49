using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>Measured gains against Jacobians taken by central differences in float64.</summary>
public sealed class GainTests
{
    private const int Batch = 6;

    [Theory]
    [InlineData(ElementType.Float64, 1e-6)]
    [InlineData(ElementType.Float32, 1e-4)]
    public void Gains_of_a_chain_agree_with_its_Jacobians(ElementType type, double tolerance) =>
        CutsShouldAgree(Chain, type, tolerance);

    [Theory]
    [InlineData(ElementType.Float64, 1e-6)]
    [InlineData(ElementType.Float32, 1e-4)]
    public void Gains_of_a_batch_normalised_chain_agree_with_its_Jacobians(ElementType type, double tolerance) =>
        CutsShouldAgree(Normalised, type, tolerance);

    [Theory]
    [InlineData(ElementType.Float64, 1e-6)]
    [InlineData(ElementType.Float32, 1e-4)]
    public void Gains_of_a_net_with_blocks_and_dropout_agree_with_its_Jacobians(ElementType type, double tolerance) =>
        CutsShouldAgree(Mixed, type, tolerance);

    [Theory]
    [InlineData(ElementType.Float64, 1, 1e-6)]
    [InlineData(ElementType.Float64, 0.3, 1e-6)]
    [InlineData(ElementType.Float32, 1, 1e-4)]
    [InlineData(ElementType.Float32, 0.3, 1e-4)]
    public void A_branch_has_the_gains_of_its_own_partial_cotangent(ElementType type, double scale, double tolerance)
    {
        (Linear first, Residual block) = WithBlock(ElementType.Float64, scale);
        Tensor input = Input(ElementType.Float64);
        Tensor entry = NumericBackward.Output(first, input), exit = NumericBackward.Output(block, entry);
        Tensor cotangent = Nets.Normal("loss", ElementType.Float64, 1, [.. exit.Shape]);
        Tensor scaled = cotangent.Clone();
        Kernels.Scale(cotangent, scale, scaled);
        double[] norms = NumericBackward.PullThrough(block.Children, entry, scaled).Select(
            NumericBackward.Log10Norm).ToArray();
        double link = NumericBackward.Log10Norm(
            NumericBackward.Pull(block, entry, cotangent)) - NumericBackward.Log10Norm(cotangent);
        double branch = norms[0] - NumericBackward.Log10Norm(cotangent);

        (Linear measuredFirst, Residual measuredBlock) = WithBlock(type, scale);
        (RunStructure structure, Frame frame) = Watched.Once(Nets.Chain(measuredFirst, measuredBlock), Input(type));
        var gains = structure.Parts.Zip(frame.PartGains!).ToDictionary(x => x.First.Name, x => x.Second!.Value);
        gains["linear-a"].ShouldBe(norms[0] - norms[1], tolerance);
        gains["tanh-a"].ShouldBe(norms[1] - norms[2], tolerance);
        gains["linear-b"].ShouldBe(norms[2] - norms[3], tolerance);
        gains["block"].ShouldBe(link - branch, tolerance);
        gains.GetValueOrDefault("block scale").ShouldBe(Math.Log10(scale), tolerance);
    }

    private static void CutsShouldAgree(Func<ElementType, Module[]> net, ElementType type, double tolerance)
    {
        Module[] exact = net(ElementType.Float64);
        Tensor input = Input(ElementType.Float64), entry = NumericBackward.Output(exact[0], input);
        Module[] rest = exact[1..];
        Tensor output = rest.Aggregate(entry, (x, module) => NumericBackward.Output(module, x));
        Tensor cotangent = Nets.Normal("loss", ElementType.Float64, 1, [.. output.Shape]);
        double[] expected = NumericBackward.PullThrough(rest, entry, cotangent).Select(
            NumericBackward.Log10Norm).ToArray();

        (RunStructure structure, Frame frame) = Watched.Once(Nets.Chain(net(type)), Input(type));
        structure.Cuts.Select(c => c.Name).ShouldBe(exact.Select(m => m.Name));
        for (int i = 0; i < expected.Length; i++)
            frame.CutNorms![i]!.Value.ShouldBe(expected[i], tolerance, exact[i].Name);
    }

    private static Tensor Input(ElementType type) => Nets.Normal("input", type, 1, Batch, 5);

    private static Module[] Chain(ElementType type) =>
    [
        Nets.Linear("linear-1", 5, 7, 0.5, type, 0.2), new Sigmoid("sigmoid-1"),
        Nets.Linear("linear-2", 7, 6, 0.5, type, 0.2), new Tanh("tanh-2"),
        Nets.Linear("linear-3", 6, 6, 0.5, type, 0.2), new Gelu("gelu-3"), Nets.Linear("linear-4", 6, 4, 0.5, type),
    ];

    private static Module[] Normalised(ElementType type) =>
    [
        Nets.Linear("linear-1", 5, 7, 0.5, type), new BatchNorm("batch-norm-1", 7, type: type), new Tanh("tanh-1"),
        Nets.Linear("linear-2", 7, 6, 2, type), new BatchNorm("batch-norm-2", 6, type: type), new Sigmoid("sigmoid-2"),
        new LayerNorm("layer-norm-2", 6, type: type), Nets.Linear("linear-3", 6, 3, 0.5, type),
    ];

    private static Module[] Mixed(ElementType type)
    {
        (Linear first, Residual block) = WithBlock(type, 0.5);
        var inner = new Residual(
            "inner", [new LayerNorm("layer-norm-c", 7, type: type), Nets.Linear("linear-c", 7, 7, 0.5, type)]);
        var outer = new Residual("outer", [inner, new Tanh("tanh-c")]);
        return [first, block, new Dropout("dropout", 0.3), outer, Nets.Linear("linear-2", 7, 4, 0.5, type)];
    }

    private static (Linear First, Residual Block) WithBlock(ElementType type, double scale) => (
        Nets.Linear("linear-1", 5, 7, 0.5, type),
        new Residual(
            "block",
            [Nets.Linear("linear-a", 7, 9, 0.5, type, 0.1), new Tanh("tanh-a"),
             Nets.Linear("linear-b", 9, 7, 0.5, type)],
            scale));
}
