namespace GradFlow.Experiments;

/// <summary>Blocks of a Transformer (Vaswani et al. 2017).</summary>
public abstract record TransformerSpec : LayerSpec
{
    /// <summary>How many heads share the features out evenly.</summary>
    [Limits(AtLeast = 1, AtMost = 1024)]
    public required int Heads { get; init; }

    /// <summary>Units between the two layers on each time step.</summary>
    [Limits(AtLeast = 1, AtMost = 1e5)]
    public required int Hidden { get; init; }

    /// <summary>Where each sublayer is normalised.</summary>
    [Written]
    public TransformerNorm Norm { get; init; } = TransformerNorm.Post;

    /// <summary>The non-linearity between the two layers.</summary>
    public TransformerActivation Activation { get; init; }

    /// <summary>The probability of dropout behind each sublayer and behind the non-linearity.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Dropout { get; init; }

    /// <summary>How many blocks, each with weights of its own.</summary>
    [Limits(AtLeast = 1, AtMost = 1e3)]
    public int Times { get; init; } = 1;
}

/// <summary>Where a Transformer's block normalises, x being what comes into a sublayer f.</summary>
public enum TransformerNorm
{
    /// <summary>x + f(LayerNorm(x)) (Xiong et al. 2020); put <c>layer-norm</c> behind the last block.</summary>
    Pre,

    /// <summary>LayerNorm(x + f(x)) (Vaswani et al. 2017).</summary>
    Post,

    /// <summary>
    /// LayerNorm(α·x + f(x)), f's weights drawn with gain β, α = (2N)^¼ and β = (8N)^−¼ for N blocks in all (Wang et
    /// al. 2022).
    /// </summary>
    Deep,
}

/// <summary>The non-linearity of a Transformer's block.</summary>
public enum TransformerActivation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x·Φ(x).</summary>
    Gelu,

    /// <summary>x·σ(x).</summary>
    Silu,

    /// <summary>tanh.</summary>
    Tanh,
}
