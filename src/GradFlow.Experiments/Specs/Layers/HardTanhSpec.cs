namespace GradFlow.Experiments;

/// <summary>x between two bounds around 0, else the nearer of them (Collobert 2004).</summary>
[Entry("hard-tanh")]
public sealed record HardTanhSpec : ActivationSpec, IConstrained
{
    /// <summary>The smallest value.</summary>
    [Limits(AtMost = 0)]
    public double Min { get; init; } = -1.0;

    /// <summary>The largest value.</summary>
    [Limits(AtLeast = 0)]
    public double Max { get; init; } = 1.0;

    SpecProblem? IConstrained.FindProblem() => Min < Max
        ? null
        : new SpecProblem("max", "'min' and 'max' in 'hard-tanh' are both 0; expected 'min' below 'max'");
}
