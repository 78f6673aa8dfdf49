namespace GradFlow.Experiments;

/// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019), of 0.01 unless said otherwise.</summary>
[Entry("adamw")]
public sealed record AdamWSpec : AdamFamilySpec, IConstrained
{
    /// <summary>Decoupled, with PyTorch's default of the decay.</summary>
    public AdamWSpec() => (Decoupled, WeightDecay) = (true, 0.01);

    SpecProblem? IConstrained.FindProblem() => Decoupled
        ? null
        : new SpecProblem("decoupled", "'adamw' is Adam with a decoupled decay; for a coupled one write 'adam'");
}
