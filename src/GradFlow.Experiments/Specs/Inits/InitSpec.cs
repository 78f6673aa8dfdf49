namespace GradFlow.Experiments;

/// <summary>How a tensor's first values are drawn.</summary>
[Catalogue("initialisation")]
public abstract record InitSpec : CatalogueEntry;
