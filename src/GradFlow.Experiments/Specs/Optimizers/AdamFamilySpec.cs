namespace GradFlow.Experiments;

/// <summary>What Adam and AdamW have in common.</summary>
public abstract record AdamFamilySpec : OptimizerSpec
{
    /// <summary>How slowly the mean of the gradient follows.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How slowly the mean of the squared gradient follows.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-8;
}
