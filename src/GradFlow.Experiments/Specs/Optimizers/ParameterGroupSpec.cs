namespace GradFlow.Experiments;

/// <summary>Parameters with a rate or a weight decay of their own, such as biases and norms without decay.</summary>
public sealed record ParameterGroupSpec : IConstrained
{
    /// <summary>
    /// Which: <c>weights</c> (two dimensions or more), <c>norms</c> (those of normalisation layers), <c>biases</c> (all
    /// others, slopes and scales too), or names such as <c>linear-1.weight</c>, where <c>*</c> stands for any text.
    /// </summary>
    [NotEmpty]
    public required ValueList<string> Parameters { get; init; }

    /// <summary>
    /// Their learning rate, before any schedule, which changes it along with the optimiser's; 0 freezes them.
    /// </summary>
    [Key("lr")]
    [Limits(AtLeast = 0)]
    public double? LearningRate { get; init; }

    /// <summary>Their weight decay.</summary>
    [Limits(AtLeast = 0)]
    public double? WeightDecay { get; init; }

    SpecProblem? IConstrained.FindProblem() => LearningRate is null && WeightDecay is null
        ? new SpecProblem(null, "'parameter-group' changes nothing; give 'lr' or 'weight-decay'")
        : null;
}
