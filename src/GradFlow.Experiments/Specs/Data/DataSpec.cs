namespace GradFlow.Experiments;

/// <summary>What the net learns from.</summary>
[Catalogue("task")]
public abstract record DataSpec : CatalogueEntry;
