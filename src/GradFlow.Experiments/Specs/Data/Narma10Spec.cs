namespace GradFlow.Experiments;

/// <summary>A non-linear filter of random numbers, whose output is to be told at every step: y(t+1) = 0.3·y(t) +
/// 0.05·y(t)·(y(t) + … + y(t−9)) + 1.5·u(t−9)·u(t) + 0.1 of u uniform on [0, 0.5] (Atiya and Parlos 2000).</summary>
[Entry("narma10")]
public sealed record Narma10Spec : SeriesSpec
{
    /// <inheritdoc/>
    public override int? LongestDependency => 9;

    private protected override SpecProblem? FindOwnProblem() => null;
}
