namespace GradFlow.Experiments;

/// <summary>What is done about a step whose loss or gradient is NaN or infinite.</summary>
[Catalogue("way to treat non-finite steps")]
public abstract record NonFiniteSpec : CatalogueEntry;
