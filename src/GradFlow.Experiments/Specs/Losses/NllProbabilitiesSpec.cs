namespace GradFlow.Experiments;

/// <summary>Negative log-likelihood of the label, where the outputs are the classes' probabilities.</summary>
[Entry("nll-probabilities")]
public sealed record NllProbabilitiesSpec : LossSpec;
