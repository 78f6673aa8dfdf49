namespace GradFlow.Experiments;

/// <summary>How gradients are bounded before the update.</summary>
[Catalogue("clipping")]
public abstract record ClipSpec : CatalogueEntry;
