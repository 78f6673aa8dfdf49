namespace GradFlow.Experiments;

/// <summary>How far weights are from orthogonal: ‖WᵀW − I‖² (Brock et al. 2017).</summary>
[Entry("orthogonality")]
public sealed record OrthogonalitySpec : RegularizerSpec;
