namespace GradFlow.Experiments;

/// <summary>A layer of the net.</summary>
[Catalogue("layer")]
public abstract record LayerSpec : CatalogueEntry;
