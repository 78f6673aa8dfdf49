using System.Globalization;
using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>A tenth of the learning rate.</summary>
public sealed class LowerLearningRate() : Remedy("lower-learning-rate", ForkKind.Continue)
{
    private protected override Experiment Change(Experiment experiment) =>
        experiment with { Optimizer = experiment.Optimizer.WithRateTimes(0.1) };
}

/// <summary>Ten times the learning rate.</summary>
public sealed class RaiseLearningRate() : Remedy("raise-learning-rate", ForkKind.Continue)
{
    private protected override Experiment Change(Experiment experiment) =>
        experiment with { Optimizer = experiment.Optimizer.WithRateTimes(10) };
}

/// <summary>Changes the rate of any optimiser, and those of its groups alike.</summary>
internal static class OptimizerRates
{
    public static OptimizerSpec WithRateTimes(this OptimizerSpec optimizer, double factor) =>
        optimizer with
        {
            LearningRate = Rounded(optimizer.LearningRate * factor),
            Groups = [.. optimizer.Groups.Select(group => group with
            {
                LearningRate = group.LearningRate is { } rate ? Rounded(rate * factor) : null,
            })],
        };

    /// <summary>Twelve digits: what a person would have written, without the last bits of the product.</summary>
    private static double Rounded(double rate) =>
        double.Parse(rate.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
