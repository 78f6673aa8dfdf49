namespace GradFlow.Experiments;

/// <summary>How gradients become updates.</summary>
[Catalogue("optimizer")]
public abstract record OptimizerSpec : CatalogueEntry
{
    /// <summary>The learning rate, before any schedule.</summary>
    [Key("lr")]
    [Written]
    [Limits(Above = 0)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>L2: this times the weight is added to its gradient.</summary>
    [Limits(AtLeast = 0)]
    public double WeightDecay { get; init; }
}
