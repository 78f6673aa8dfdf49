using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>Transformer blocks under watch: each sublayer is a link of its own, whose parts add up.</summary>
public sealed class TransformerTests
{
    private const int Features = 8, Blocks = 3;

    [Theory]
    [InlineData(NormPlacement.Pre)]
    [InlineData(NormPlacement.Post)]
    [InlineData(NormPlacement.Deep)]
    public void Gradients_can_be_read_block_by_block(NormPlacement placement)
    {
        (RunStructure tables, Frame frame) = Watched.Once(Net(placement), Input());
        LinkKind[] sublayer = placement == NormPlacement.Pre
            ? [LinkKind.Skip]
            : [LinkKind.Skip, LinkKind.Normalization];
        tables.Links.Select(link => link.Kind).ShouldBe(
            Enumerable.Repeat(sublayer, 2 * Blocks).SelectMany(kinds => kinds));
        for (int link = 0; link < tables.Links.Count; link++)
        {
            double gain = frame.CutNorms![link]!.Value - frame.CutNorms[link + 1]!.Value;
            PartsOf(tables, frame, link).Sum(part => part.Decades).ShouldBe(gain, 1e-9);
        }
        LinkKind[] attention = [.. PartsOf(tables, frame, 0).Select(part => part.Kind)];
        attention.ShouldContain(LinkKind.Attention);
        attention.Contains(LinkKind.Normalization).ShouldBe(placement == NormPlacement.Pre);
        attention[^1].ShouldBe(LinkKind.Skip);
        tables.Signals.ShouldContain(signal => signal.Kind == LinkKind.Attention);
    }

    /// <summary>
    /// An exact identity path carries the whole cotangent past a pre-norm block: with branches that pass nothing on,
    /// the gradient comes back as it is; behind a post-norm block the norm still rescales it.
    /// </summary>
    [Theory]
    [InlineData(NormPlacement.Pre, true)]
    [InlineData(NormPlacement.Post, false)]
    public void Pre_norm_blocks_have_a_free_way_back(NormPlacement placement, bool isFree)
    {
        Sequential net = Net(placement);
        foreach (Parameter parameter in net.AllParameters())
            if (parameter.Name.EndsWith("out-weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("-out.weight", StringComparison.Ordinal))
                Kernels.FillInPlace(parameter.Value, 0);
        (_, Frame frame) = Watched.Once(net, Input());
        double change = frame.CutNorms![0]!.Value - frame.CutNorms[^1]!.Value;
        if (isFree) change.ShouldBe(0, 1e-6);
        else Math.Abs(change).ShouldBeGreaterThan(0.05);
    }

    /// <summary>Queries of zeros look at all keys alike; very large ones, at one alone.</summary>
    [Theory]
    [InlineData(0, 1, 1e-6)]
    [InlineData(1e4, 0, 0.02)]
    public void Each_head_is_told_by_how_widely_it_looks(double scale, double share, double tolerance)
    {
        Sequential net = Net(NormPlacement.Pre);
        foreach (Parameter weight in net.AllParameters().Where(p => p.Value.Shape == new Shape(3 * Features, Features)))
        {
            Tensor queries = weight.Value.Slice(0, 0, Features);
            Kernels.FillNormalInPlace(weight.Value, new RandomKey(3, weight.Name), 0, 1);
            Kernels.Scale(queries.Clone(), scale, queries);
        }
        (RunStructure tables, Frame frame) = Watched.Once(net, Input());
        tables.Attentions.ShouldNotBeNull().Count.ShouldBe(Blocks);
        tables.Attentions.ShouldAllBe(layer => layer.Heads == 2);
        foreach (AttentionProfile? profile in frame.Attention.ShouldNotBeNull())
        {
            profile!.EntropyShare.Count.ShouldBe(2);
            foreach ((double own, double nats) in profile.EntropyShare.Zip(profile.Entropy))
            {
                own.ShouldBe(share, tolerance);
                nats.ShouldBe(own * Math.Log(5), 1e-5, "each query sees five keys");
            }
        }
    }

    private static List<(LinkKind Kind, double Decades)> PartsOf(RunStructure tables, Frame frame, int link) =>
        [.. tables.Parts.Zip(frame.PartGains!).Where(pair => pair.First.Link == link)
            .Select(pair => (pair.First.Kind, pair.Second!.Value))];

    private static Sequential Net(NormPlacement placement)
    {
        TransformerBlock block = new(Features, new AttentionSettings(2), 16)
        {
            Norm = placement,
            Deep = DeepNorm.Of(Blocks),
        };
        return Nets.Chain(
        [
            Nets.Linear("embed", Features, Features),
            .. Enumerable.Range(0, Blocks).Select(i => block.Encoder($"block-{i}", 5)),
        ]);
    }

    private static Tensor Input() => Nets.Normal("x", ElementType.Float32, 1, 3, 5, Features);
}
