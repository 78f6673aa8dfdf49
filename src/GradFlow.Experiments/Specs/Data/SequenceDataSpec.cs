namespace GradFlow.Experiments;

/// <summary>Sequences, drawn at random. All are of one length.</summary>
public abstract record SequenceDataSpec : DrawnDataSpec;
