namespace GradFlow.Runs;

/// <summary>
/// What a part of the net does to the gradient. Fixed names, in JSON in lower case; the page gives each its own hue.
/// </summary>
public enum LinkKind
{
    /// <summary>A product with a weight matrix or kernel.</summary>
    Weights,

    /// <summary>An elementwise non-linearity.</summary>
    Activation,

    /// <summary>Batch, layer or weight normalisation.</summary>
    Normalization,

    /// <summary>What the identity path of a residual block adds beside its branch.</summary>
    Skip,

    /// <summary>A recurrent layer over all its steps.</summary>
    Recurrence,

    /// <summary>An attention layer.</summary>
    Attention,

    /// <summary>What closes the sum: reshaping, pooling, dropout and anything unnamed.</summary>
    Other,
}
