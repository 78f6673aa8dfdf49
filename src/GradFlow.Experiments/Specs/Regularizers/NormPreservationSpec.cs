namespace GradFlow.Experiments;

/// <summary>
/// How far the gradient is from keeping its norm on its way back through plain recurrent layers (Pascanu, Mikolov and
/// Bengio 2013): of the parameters it is about the recurrent weights alone.
/// </summary>
[Entry("norm-preservation")]
public sealed record NormPreservationSpec : RegularizerSpec;
