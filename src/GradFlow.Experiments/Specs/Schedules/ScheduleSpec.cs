namespace GradFlow.Experiments;

/// <summary>How the learning rate changes along the way.</summary>
[Catalogue("schedule")]
public abstract record ScheduleSpec : CatalogueEntry;
