namespace GradFlow.Experiments;

/// <summary>Zero everywhere.</summary>
[Entry("zeros")]
public sealed record ZerosInitSpec : BiasInitSpec;
