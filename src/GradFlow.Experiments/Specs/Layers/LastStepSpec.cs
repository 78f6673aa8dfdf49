namespace GradFlow.Experiments;

/// <summary>The last time step of a sequence, so that the loss is taken there alone.</summary>
[Entry("last-step")]
public sealed record LastStepSpec : LayerSpec;
