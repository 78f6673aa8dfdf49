using System.Globalization;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Another learning rate.</summary>
/// <param name="factor">What it is multiplied by.</param>
internal sealed class ChangeRate(double factor)
    : Intervention(CauseIds.LearningRate, string.Create(
        CultureInfo.InvariantCulture, $"trained at {factor:0.###} times the learning rate"))
{
    /// <summary>
    /// True where only the other direction is prescribed: too large a rate isn't confirmed by raising it.
    /// </summary>
    public bool GoesAgainst(IReadOnlyList<string> remedies)
    {
        bool isLower = remedies.Contains("lower-learning-rate"), isRaise = remedies.Contains("raise-learning-rate");
        return factor < 1 ? isRaise && !isLower : isLower && !isRaise;
    }

    public override Experiment Apply(Experiment experiment) =>
        experiment with { Optimizer = experiment.Optimizer.WithRateTimes(factor) };
}
