namespace GradFlow.Experiments;

/// <summary>A penalty on parameters that is added to the loss.</summary>
[Catalogue("regularizer")]
public abstract record RegularizerSpec : CatalogueEntry
{
    /// <summary>What the penalty is multiplied by.</summary>
    [Shorthand]
    [Limits(AtLeast = 0)]
    public required double Factor { get; init; }

    /// <summary>The parameters that are penalised, written as those of groups: kinds or names.</summary>
    [NotEmpty]
    public ValueList<string> Of { get; init; } = [ParameterKinds.Weights];
}
