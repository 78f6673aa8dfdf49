using System.Globalization;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Another learning rate.</summary>
/// <param name="factor">What it is multiplied by.</param>
internal sealed class ChangeRate(double factor)
    : Intervention(CauseIds.LearningRate, string.Create(CultureInfo.InvariantCulture, $"trained at {factor:0.##} times the learning rate"))
{
    public override Experiment Apply(Experiment experiment) =>
        experiment with { Optimizer = experiment.Optimizer.WithRateTimes(factor) };
}
