using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>
/// The cotangents of a convolution's images and weights, sample by sample: both begin with the result's cotangent laid
/// out between zeros, which is done once. Chunks sum the weights' cotangents each on its own, and are added in their
/// order.
/// </summary>
internal sealed class ConvolutionBackward<T> : ConvolutionWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Each chunk costs sums over all registers of all weights.</summary>
    private const int MostChunks = 8;

    [ThreadStatic]
    private static ConvolutionBackward<T>? _ofThread;

    private Tensor _x = null!;
    private ChannelNorm? _rectified;
    private Tensor _g = null!;
    private Tensor? _xInto;
    private T[] _weights = [];
    private T[]? _partial;

    private int Weights => Plan.How.Groups * Plan.Outputs * Plan.ForwardOffsets.Length;

    /// <summary>Computes what is wanted.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="rectified">How x becomes the images; null where it is them.</param>
    /// <param name="weight">[out, c/groups, rows, columns].</param>
    /// <param name="g">[n, out, h', w'].</param>
    /// <param name="xInto">The images' cotangent, like x; null where it isn't wanted.</param>
    /// <param name="weightInto">Like the weights; null where it isn't wanted.</param>
    public static void Run(
        ConvolutionPlan plan, Tensor x, ChannelNorm? rectified, Tensor weight, Tensor g, Tensor? xInto,
        Tensor? weightInto)
    {
        ConvolutionBackward<T> work = _ofThread ??= new ConvolutionBackward<T>();
        (work._x, work._rectified, work._g, work._xInto) = (x, rectified, g, xInto);
        if (xInto is not null)
        {
            int length = ConvolutionToInput<T>.PackedLength(plan);
            work._weights = Scratch<T>.Third(length);
            ConvolutionToInput<T>.Pack(plan, weight.AsSpan<T>(), work._weights.AsSpan(0, length));
        }
        work._partial = weightInto is null ? null : Scratch<T>.Fourth(checked(MostChunks * weight.Size));
        work.RunAll(plan, x.Shape[0], weightInto is null ? int.MaxValue : MostChunks);
        if (weightInto is not null) work.SumInto(weightInto.AsSpan<T>());
        (work._x, work._rectified, work._g, work._xInto) = (null!, null, null!, null);
    }

    protected override void Run(int chunk, int firstSample, int endSample)
    {
        Span<T> spread = Scratch<T>.First(Plan.CotangentLength).AsSpan(0, Plan.CotangentLength);
        Span<T> padded = Scratch<T>.Fifth(Plan.PaddedLength).AsSpan(0, Plan.PaddedLength);
        Span<T> sums = _partial is null ? [] : ConvolutionToWeight<T>.EmptySums(Plan);
        int images = _x.Size / _x.Shape[0], cotangents = _g.Size / _g.Shape[0];
        spread.Clear();
        padded.Clear();
        for (int sample = firstSample; sample < endSample; sample++)
        {
            PlaneCopies.Spread(Plan, _g.AsSpan<T>().Slice(sample * cotangents, cotangents), spread);
            var ahead = new Ahead<T>(
                _partial is null ? [] : _x.AsSpan<T>().Slice(sample * images, images),
                sample + 1 < endSample ? _g.AsSpan<T>().Slice((sample + 1) * cotangents, cotangents) : []);
            if (_xInto is not null)
                ConvolutionToInput<T>.Run(
                    Plan, _weights, spread, _xInto.AsSpan<T>().Slice(sample * images, images), ref ahead);
            if (_partial is null) continue;
            PlaneCopies.Pad(Plan, _x.AsSpan<T>().Slice(sample * images, images), _rectified, padded);
            ConvolutionToWeight<T>.Add(Plan, padded, spread, sums);
        }
        if (_partial is not null) ConvolutionToWeight<T>.Reduce(Plan, sums, _partial.AsSpan(chunk * Weights, Weights));
    }

    private void SumInto(Span<T> into)
    {
        into.Clear();
        for (int chunk = 0; chunk < Chunks; chunk++)
            TensorPrimitives.Add(into, _partial.AsSpan(chunk * Weights, Weights), into);
    }
}
