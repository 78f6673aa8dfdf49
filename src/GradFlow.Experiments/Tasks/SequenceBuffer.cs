namespace GradFlow.Experiments;

/// <summary>Room for the inputs of sequences, zeros at first.</summary>
/// <param name="count">Sequences.</param>
/// <param name="steps">Time steps of each.</param>
/// <param name="channels">Numbers per time step.</param>
internal sealed class SequenceBuffer(int count, int steps, int channels)
{
    /// <summary>The sequences one after the other, each [time steps, channels].</summary>
    public float[] Inputs { get; } = new float[checked(count * steps * channels)];

    /// <summary>One sequence's shape.</summary>
    public int[] Shape => [steps, channels];

    /// <summary>The numbers of one time step.</summary>
    public Span<float> this[int row, int step] => Inputs.AsSpan(((row * steps) + step) * channels, channels);

    /// <summary>Puts a symbol at a time step that has none: 1 in the channel of its number.</summary>
    public void Show(int row, int step, int symbol) => this[row, step][symbol] = 1;
}
