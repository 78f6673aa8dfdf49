namespace GradFlow.Nn;

/// <summary>Where a Transformer block normalises, x being what comes into a sublayer f.</summary>
public enum NormPlacement
{
    /// <summary>x + f(LayerNorm(x)): the skip reaches through all blocks (Xiong et al. 2020).</summary>
    Pre,

    /// <summary>LayerNorm(x + f(x)) (Vaswani et al. 2017).</summary>
    Post,

    /// <summary>LayerNorm(α·x + f(x)) with weights drawn smaller, see <see cref="DeepNorm"/>.</summary>
    Deep,
}
