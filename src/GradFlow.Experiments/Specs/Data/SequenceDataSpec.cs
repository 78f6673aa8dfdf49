namespace GradFlow.Experiments;

/// <summary>Sequences, drawn at random.</summary>
public abstract record SequenceDataSpec : DrawnDataSpec;
