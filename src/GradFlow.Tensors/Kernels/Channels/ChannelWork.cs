using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Work on feature maps [n, c, …], sample by sample as they lie in memory: a channel's places are one stretch of each.
/// One object per thread serves all, so that a steady state allocates nothing.
/// </summary>
internal abstract class ChannelWork<T> : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Numbers below which another thread would cost more than it saves.</summary>
    private const int LeastOfAChunk = 1 << 14;

    private int _samplesPerChunk;

    protected int Samples { get; private set; }

    protected int Channels { get; private set; }

    /// <summary>Numbers of one channel of one sample.</summary>
    protected int Places { get; private set; }

    /// <summary>Numbers of one channel.</summary>
    protected long Count => (long)Samples * Places;

    public void Run(int chunk)
    {
        int first = chunk * _samplesPerChunk, end = Math.Min(Samples, first + _samplesPerChunk);
        for (int sample = first; sample < end; sample++)
            for (int channel = 0, at = sample * Channels * Places; channel < Channels; channel++, at += Places)
                Run(sample, channel, at);
    }

    /// <summary>Does all of x's stretches; nothing where it is empty.</summary>
    protected void RunAll(Tensor x)
    {
        (Samples, Channels) = (x.Shape[0], x.Shape[1]);
        Places = Samples * Channels == 0 ? 0 : x.Size / (Samples * Channels);
        _samplesPerChunk = LeastOfAChunk / Math.Max(1, Channels * Places) + 1;
        if (x.Size > 0) Workers.Run(this, (Samples + _samplesPerChunk - 1) / _samplesPerChunk);
    }

    /// <summary>Does one stretch.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="at">Where its places begin.</param>
    protected abstract void Run(int sample, int channel, int at);
}
