using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>One convolution, or one of its cotangents, in chunks of whole samples.</summary>
internal abstract class ConvolutionWork<T>(ConvolutionPlan plan, int samples, int mostChunks) : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds below which another thread would cost more than it saves.</summary>
    private const long LeastOfAChunk = 1 << 19;

    protected static readonly ConvolutionTile<T> Tile = ConvolutionTile<T>.Best;
    private readonly int _samplesPerChunk = SamplesPerChunk(plan, samples, mostChunks);

    /// <summary>Into how many chunks the samples fall: a matter of shapes alone.</summary>
    public int Chunks => (samples + _samplesPerChunk - 1) / _samplesPerChunk;

    protected ConvolutionPlan Plan { get; } = plan;

    public void Run(int chunk)
    {
        int first = chunk * _samplesPerChunk;
        Run(chunk, first, Math.Min(samples, first + _samplesPerChunk));
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
