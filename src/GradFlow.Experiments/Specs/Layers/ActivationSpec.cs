namespace GradFlow.Experiments;

/// <summary>A non-linearity between layers with weights.</summary>
public abstract record ActivationSpec : LayerSpec;
