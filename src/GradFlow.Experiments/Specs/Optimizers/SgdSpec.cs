namespace GradFlow.Experiments;

/// <summary>Stochastic gradient descent, plain or with momentum (Sutskever et al. 2013, in PyTorch's form).</summary>
[Entry("sgd")]
public sealed record SgdSpec : OptimizerSpec, IConstrained
{
    /// <summary>How much of the last update's direction is kept.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; }

    /// <summary>Looks ahead by the momentum (Nesterov 1983).</summary>
    public bool Nesterov { get; init; }

    SpecProblem? IConstrained.FindProblem() => Nesterov && Momentum == 0
        ? new SpecProblem("nesterov", "'nesterov' in 'sgd' needs a 'momentum' above 0")
        : null;
}
