namespace GradFlow.Runs;

/// <summary>
/// How widely the heads of an attention layer look at one training step: the entropy −Σ p·ln p of the weights p that a
/// query gives to keys. A head whose entropy collapses looks at one key alone, and hardly any gradient reaches what
/// made it choose (Zhai et al. 2023).
/// </summary>
/// <param name="Entropy">
/// The mean over queries, in nats, per head, of the batch's first samples, as many as together have 256 queries; NaN
/// where none of these sees a key.
/// </param>
/// <param name="EntropyShare">
/// The mean of its share of the largest that there could be, ln of the keys that a query sees: 0 where each looks at
/// one key alone, 1 where all get the same weight. Per head; NaN where no query sees two keys.
/// </param>
public sealed record AttentionProfile(IReadOnlyList<double> Entropy, IReadOnlyList<double> EntropyShare);
