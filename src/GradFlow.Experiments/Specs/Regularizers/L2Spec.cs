namespace GradFlow.Experiments;

/// <summary>Half the sum of the squares: the gradient of a weight decay, seen in the loss.</summary>
[Entry("l2")]
public sealed record L2Spec : RegularizerSpec;
