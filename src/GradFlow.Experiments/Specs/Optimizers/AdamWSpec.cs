namespace GradFlow.Experiments;

/// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019), of 0.01 unless said otherwise.</summary>
[Entry("adamw")]
public sealed record AdamWSpec : OptimizerSpec, IConstrained
{
    /// <summary>Decoupled, with PyTorch's default of the decay.</summary>
    public AdamWSpec() => (Decoupled, WeightDecay) = (true, 0.01);

    /// <summary>How slowly the mean of the gradient follows.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How slowly the mean of the squared gradient follows.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-8;

    SpecProblem? IConstrained.FindProblem() => Decoupled
        ? null
        : new SpecProblem("decoupled", "'adamw' is Adam with a decoupled decay; for a coupled one write 'adam'");
}
