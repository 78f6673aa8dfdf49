namespace GradFlow.Experiments;

/// <summary>An initialisation that needs no matrix, so that a bias can have it too.</summary>
[Catalogue("initialisation")]
public abstract record BiasInitSpec : InitSpec;
