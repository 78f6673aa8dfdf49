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

    /// <summary>L2: this times the weight is added to its gradient, unless decoupled.</summary>
    [Limits(AtLeast = 0)]
    public double WeightDecay { get; init; }

    /// <summary>
    /// Whether the weight decay shrinks the weights themselves, by the rate times it at each update, rather than by way
    /// of the gradient (Loshchilov &amp; Hutter 2019).
    /// </summary>
    public bool Decoupled { get; init; }

    /// <summary>Parameters with a rate or a weight decay of their own; the first group that names one has it.</summary>
    public ValueList<ParameterGroupSpec> Groups { get; init; } = [];
}
