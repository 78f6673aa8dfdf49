using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// One convolution, or its cotangents, in chunks of whole samples. One object per thread serves all, so that a steady
/// state allocates nothing.
/// </summary>
internal abstract class ConvolutionWork<T> : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Multiply-adds below which another thread, or what a chunk begins with, would cost more than it saves.
    /// </summary>
    private const long LeastOfAChunk = 1 << 21;

    protected static readonly ConvolutionTile<T> Tile = ConvolutionTile<T>.Best;
    private int _samples;
    private int _samplesPerChunk;

    /// <summary>Into how many chunks the samples fall: a matter of shapes alone.</summary>
    protected int Chunks => (_samples + _samplesPerChunk - 1) / _samplesPerChunk;

    protected ConvolutionPlan Plan { get; private set; } = null!;

    public void Run(int chunk)
    {
        int first = chunk * _samplesPerChunk;
        Run(chunk, first, Math.Min(_samples, first + _samplesPerChunk));
    }

    /// <summary>Does all samples.</summary>
    protected void RunAll(ConvolutionPlan plan, int samples, int mostChunks)
    {
        Plan = plan;
        _samples = samples;
        _samplesPerChunk = SamplesPerChunk(plan, samples, mostChunks);
        Workers.Run(this, Chunks);
    }

    protected abstract void Run(int chunk, int firstSample, int endSample);

    protected static int RoundedUp(int length, int unit) => (length + unit - 1) / unit * unit;

    private static int SamplesPerChunk(ConvolutionPlan plan, int samples, int mostChunks)
    {
        long each = (long)plan.Positions * plan.How.Groups * plan.Inputs * plan.Outputs * plan.How.Taps;
        long enough = LeastOfAChunk / Math.Max(1, each) + 1;
        return (int)Math.Max(1, Math.Min(samples, Math.Max(enough, (samples + mostChunks - 1) / mostChunks)));
    }
}
