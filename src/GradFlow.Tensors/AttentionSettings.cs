namespace GradFlow.Tensors;

/// <summary>How the rows of scores become weights that sum to 1.</summary>
public enum AttentionKind
{
    /// <summary>softmax(q·k/√size of a head) (Vaswani et al. 2017, eq. 1).</summary>
    Softmax,

    /// <summary>
    /// φ(q)·φ(k) over its sum, with φ(x) = elu(x) + 1 (Katharopoulos et al. 2020, eq. 7): its sums over keys are kept
    /// instead of scores, so time as well as memory is linear in the length.
    /// </summary>
    Linear,
}

/// <summary>Which keys a query sees, and what weights it gives them.</summary>
/// <param name="Heads">Heads; they share the features out evenly, side by side.</param>
/// <param name="Kind">How scores become weights.</param>
/// <param name="IsCausal">
/// True where a query sees its own and earlier keys alone; there must be as many keys as queries.
/// </param>
/// <param name="Window">
/// How many keys around its own place a query sees, fewer at the ends; with a causal pattern its own and those before.
/// Of an even number, one more lies before it than behind. Null for all.
/// </param>
public readonly record struct AttentionSettings(
    int Heads, AttentionKind Kind = AttentionKind.Softmax, bool IsCausal = false, int? Window = null)
{
    /// <summary>
    /// Keys of each sample that hold data; those behind them are padding, which nobody sees. Empty where all do.
    /// </summary>
    public ReadOnlyMemory<int> KeyLengths { get; init; }

    /// <summary>Keys of a sample that hold data.</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <param name="keys">Keys with padding.</param>
    internal int KeysOf(int sample, int keys) => KeyLengths.IsEmpty ? keys : KeyLengths.Span[sample];

    /// <summary>
    /// The keys that a query sees: the first, and the one behind the last; the same where it sees none.
    /// </summary>
    /// <param name="query">The query's place, from 0.</param>
    /// <param name="keys">Keys of its sample.</param>
    internal (int From, int End) Seen(int query, int keys)
    {
        int from = 0, end = IsCausal ? Math.Min(keys, query + 1) : keys;
        if (Window is { } window)
        {
            from = Math.Max(0, IsCausal ? query - window + 1 : query - window / 2);
            if (!IsCausal) end = Math.Min(end, query + (window - 1) / 2 + 1);
        }
        return (Math.Min(from, end), end);
    }
}
