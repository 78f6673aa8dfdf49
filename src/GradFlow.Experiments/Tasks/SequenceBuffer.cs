using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Room for the inputs of sequences, zeros at first.</summary>
/// <param name="count">Sequences.</param>
/// <param name="lengths">Their time steps; all have room for the most.</param>
/// <param name="channels">Numbers per time step.</param>
internal sealed class SequenceBuffer(int count, LengthRange lengths, int channels)
{
    private readonly int[] _lengths = new int[count];

    /// <summary>The sequences one after the other, each [time steps, channels].</summary>
    public float[] Inputs { get; } = new float[checked(count * lengths.Max * channels)];

    /// <summary>One sequence's shape.</summary>
    public int[] Shape => [lengths.Max, channels];

    /// <summary>The sequences' lengths, where they have several.</summary>
    public SequenceTraits Traits => new() { Lengths = lengths.IsFixed ? null : _lengths };

    /// <summary>The numbers of one time step.</summary>
    public Span<float> this[int row, int step] => Inputs.AsSpan(((row * lengths.Max) + step) * channels, channels);

    /// <summary>Says how long a sequence is.</summary>
    public void Begin(int row, int length) => _lengths[row] = length;

    /// <summary>Draws how long a sequence is.</summary>
    public int Begin(int row, RandomKey sequence) => _lengths[row] = lengths.Draw(sequence);

    /// <summary>Puts a symbol at a time step that has none: 1 in the channel of its number.</summary>
    public void Show(int row, int step, int symbol) => this[row, step][symbol] = 1;
}
