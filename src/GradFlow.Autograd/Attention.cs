using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// What an attention op shows of its weights to whoever watches; nothing is computed until somebody asks.
/// </summary>
public sealed class Attention
{
    private readonly Func<(Tensor Query, Tensor Key)> _operands;
    private readonly bool _isSelf;

    internal Attention(AttentionSettings settings, Func<(Tensor Query, Tensor Key)> operands, bool isSelf)
    {
        Settings = settings;
        _operands = operands;
        _isSelf = isSelf;
    }

    /// <summary>Heads, which keys a query sees, and how.</summary>
    public AttentionSettings Settings { get; }

    /// <summary>
    /// The mean entropy of each head's rows of weights, over samples and queries. Where a sequence attends to itself,
    /// its padding asks nothing. Takes time in proportion to queries times keys, and no memory.
    /// </summary>
    /// <param name="mostSamples">How many samples to look at, from the first; all by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">None at all.</exception>
    public AttentionEntropy[] Entropies(int mostSamples = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSamples, 1);
        (Tensor query, Tensor key) = _operands();
        int samples = Math.Min(mostSamples, query.Shape[0]);
        AttentionSettings settings = Settings.KeyLengths.IsEmpty
            ? Settings
            : Settings with { KeyLengths = Settings.KeyLengths[..samples] };
        return Kernels.AttentionEntropies(
            settings, query.Slice(0, 0, samples), key.Slice(0, 0, samples), _isSelf);
    }
}
