namespace GradFlow.Experiments;

/// <summary>What is minimised; each loss is the mean over the batch.</summary>
[Catalogue("loss")]
public abstract record LossSpec : CatalogueEntry;
