using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>Forks with the same remedy over several seeds.</summary>
/// <param name="Remedy">The remedy, or <c>control</c>.</param>
/// <param name="Kind"><c>continue</c> or <c>restart</c>.</param>
/// <param name="Role"><c>candidate</c>, <c>control</c> or <c>random</c>.</param>
/// <param name="Seeds">How many seeds.</param>
/// <param name="Loss">The median validation loss; NaN where the median fork broke.</param>
/// <param name="Metric">The median validation metric; null if there is none.</param>
internal sealed record TrialGroup(string Remedy, string Kind, string Role, int Seeds, double Loss, double? Metric)
{
    /// <summary>Groups forks, in the order in which each remedy first comes.</summary>
    /// <param name="trials">The forks.</param>
    /// <param name="metricName">The metric's name: of errors the largest is worst.</param>
    public static IReadOnlyList<TrialGroup> Of(IEnumerable<Trial> trials, string? metricName) =>
    [
        .. trials.GroupBy(trial => (trial.Remedy, trial.Kind, trial.Role)).Select(group => new TrialGroup(
            group.Key.Remedy, group.Key.Kind, group.Key.Role, group.Count(),
            Median(group.Select(trial => trial.Loss), worst: double.PositiveInfinity),
            group.Any(trial => trial.Metric is null)
                ? null
                : Median(
                    group.Select(trial => trial.Metric!.Value),
                    worst: metricName == MetricNames.Nrmse ? double.PositiveInfinity : double.NegativeInfinity))),
    ];

    private static double Median(IEnumerable<double> values, double worst)
    {
        double[] sorted = [.. values.Select(value => double.IsNaN(value) ? worst : value).Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return double.IsFinite(median) ? median : double.NaN;
    }
}
