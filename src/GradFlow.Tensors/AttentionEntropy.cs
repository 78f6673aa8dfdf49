namespace GradFlow.Tensors;

/// <summary>
/// How widely a head looks, as the mean entropy −Σ p·ln p of its rows of weights p: 0 where each query looks at one key
/// alone.
/// </summary>
/// <param name="Nats">The mean over queries, in nats; NaN where no query sees a key.</param>
/// <param name="Share">
/// The mean of its share of the largest that there could be, ln of the keys that the query sees: 1 where all get the
/// same weight. Over queries that see two keys at least; NaN where none does.
/// </param>
public readonly record struct AttentionEntropy(double Nats, double Share);
