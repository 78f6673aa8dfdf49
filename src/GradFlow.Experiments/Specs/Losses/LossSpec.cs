namespace GradFlow.Experiments;

/// <summary>
/// What is minimised; each loss is the mean over the batch, and over the time steps that have an output.
/// </summary>
[Catalogue("loss")]
public abstract record LossSpec : CatalogueEntry;
