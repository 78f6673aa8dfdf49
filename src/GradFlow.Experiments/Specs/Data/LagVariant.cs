namespace GradFlow.Experiments;

/// <summary>What lies between a symbol and the same symbol again.</summary>
public enum LagVariant
{
    /// <summary>Always the same p − 1 symbols in the same order, so that there are two sequences in all (2a).</summary>
    NoiseFree,

    /// <summary>As many symbols at random, of the same p − 1; only the last one can be predicted (2b).</summary>
    Random,

    /// <summary>Of as many kinds as <c>length</c> says: b, x or y, <c>length</c> distractors, further ones with
    /// probability 9/10 each, and e, which asks for x or y; nothing else is asked for (2c).</summary>
    Open,
}
