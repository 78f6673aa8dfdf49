namespace GradFlow.Nn;

/// <summary>
/// The scales with which post-norm Transformers of any depth train (Wang et al. 2022, "DeepNet", fig. 2): a sublayer f
/// becomes LayerNorm(α·x + f(x)), and the weights of f are drawn with gain β, but for those of queries and keys.
/// </summary>
/// <param name="Alpha">α, of the skip.</param>
/// <param name="Beta">β, of the initial weights.</param>
public readonly record struct DeepNorm(double Alpha, double Beta)
{
    /// <summary>Of a stack of encoder blocks alone, or of decoder blocks alone: α = (2N)^¼, β = (8N)^−¼.</summary>
    /// <param name="blocks">N, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static DeepNorm Of(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        return new DeepNorm(Math.Pow(2.0 * blocks, 0.25), Math.Pow(8.0 * blocks, -0.25));
    }

    /// <summary>Of N encoder blocks below M decoder blocks: α = 0.81·(N⁴M)^(1/16), β = 0.87·(N⁴M)^(−1/16).</summary>
    /// <param name="encoderBlocks">N, at least 1.</param>
    /// <param name="decoderBlocks">M, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static DeepNorm OfEncoder(int encoderBlocks, int decoderBlocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(encoderBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decoderBlocks, 1);
        double root = Math.Pow(Math.Pow(encoderBlocks, 4) * decoderBlocks, 1.0 / 16);
        return new DeepNorm(0.81 * root, 0.87 / root);
    }

    /// <summary>Of M decoder blocks above an encoder: α = (3M)^¼, β = (12M)^−¼.</summary>
    /// <param name="decoderBlocks">M, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static DeepNorm OfDecoder(int decoderBlocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decoderBlocks, 1);
        return new DeepNorm(Math.Pow(3.0 * decoderBlocks, 0.25), Math.Pow(12.0 * decoderBlocks, -0.25));
    }
}
