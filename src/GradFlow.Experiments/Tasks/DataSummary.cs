using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>What is known of the training data before the first step.</summary>
/// <param name="InputRms">√ of the mean squared input.</param>
/// <param name="InputMaxAbs">The largest magnitude among the inputs.</param>
/// <param name="MeanProduct">
/// The mean of x·y/n over all pairs of different samples x and y of n numbers each; with the squared
/// <see cref="InputRms"/> it gives the correlation that a mean-field forecast starts from. 0 for a single sample.
/// </param>
/// <param name="ClassShares">
/// Each class's share of the labels that the loss compares with, at every time step or at the last; empty for
/// regression.
/// </param>
/// <param name="BaselineLoss">
/// The loss of the best constant prediction: the entropy of the class shares in nats, or the targets' variance (of
/// one-hot labels, where the squared error judges classes). Where the task says so, that of the best prediction that
/// knows the time step and nothing else. Null where the loss doesn't fit the data.
/// </param>
/// <param name="MetricName">
/// <c>accuracy</c>; of numbers to predict <c>NRMSE</c>, where the loss is the squared error and they vary; else null.
/// </param>
/// <param name="ChanceMetric">
/// The metric of the best constant prediction, of sequences where the accuracy counts: the share of the most frequent
/// class, or an NRMSE of 1; null if there is none.
/// </param>
/// <param name="LongestDependency">
/// Of sequences: time steps between what decides and the last output, which it decides; null if unknown.
/// </param>
public sealed record DataSummary(
    double InputRms,
    double InputMaxAbs,
    double MeanProduct,
    ValueList<double> ClassShares,
    double? BaselineLoss,
    string? MetricName,
    double? ChanceMetric,
    int? LongestDependency = null)
{
    /// <summary>Summarises data for a loss.</summary>
    /// <param name="data">The training data; at least one sample.</param>
    /// <param name="loss">What is minimised on them.</param>
    /// <param name="isEveryStep">
    /// Whether it is minimised at every time step, where each has a label, or at the last one alone.
    /// </param>
    public static DataSummary Of(Dataset data, LossSpec loss, bool isEveryStep = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        if (data.Count == 0)
            throw new ArgumentException("must hold a sample", nameof(data));

        (double squares, double maxAbs, double product) = data.InputMoments;
        IEnumerable<int> asked = data.Labels is null ? [] : isEveryStep ? data.Labels : data.LastLabels(1);
        ValueList<double> shares = Shares(data, asked);
        double? baseline = isEveryStep && loss is CrossEntropySpec or NllProbabilitiesSpec
            ? data.Traits.BaselineNats * data.Count / data.Labels?.Count(label => label >= 0)
            : null;
        baseline ??= Baseline(data, loss, shares, isEveryStep);
        (string? metric, double? chance) = data.Labels is not null
            ? (MetricNames.Accuracy, Shares(data, data.LastLabels(isEveryStep ? data.Traits.Judged : 1)).Max())
            : loss is MseSpec && baseline > 0 ? (MetricNames.Nrmse, 1) : ((string?)null, (double?)null);
        return new DataSummary(
            Math.Sqrt(squares), maxAbs, product, shares, baseline, metric, chance, data.LongestDependency);
    }

    /// <summary>The shares of the labels that are counted.</summary>
    private static ValueList<double> Shares(Dataset data, IEnumerable<int> labels)
    {
        int[] counts = new int[data.Classes];
        foreach (int label in labels)
            if (label >= 0) counts[label]++;
        double all = Math.Max(1, counts.Sum());
        return new ValueList<double>(counts.Select(count => count / all));
    }

    private static double? Baseline(
        Dataset data, LossSpec loss, IReadOnlyList<double> shares, bool isEveryStep) => loss switch
        {
            MseSpec when data.Labels is not null => shares.Average(p => p * (1 - p)),
            MseSpec => TargetVariance(data, isEveryStep),
            CrossEntropySpec or NllProbabilitiesSpec when data.Labels is not null => shares.Sum(MinusXLogX),
            BinaryCrossEntropySpec when data.Labels is not null =>
                shares.Average(p => MinusXLogX(p) + MinusXLogX(1 - p)),
            _ => null,
        };

    private static double MinusXLogX(double x) => x > 0 ? -x * Math.Log(x) : 0;

    /// <summary>The variance of each of the numbers to predict, the mean of all.</summary>
    private static double TargetVariance(Dataset data, bool isEveryStep) =>
        Enumerable.Range(0, data.TargetSize).Average(k => Variance(data.TargetsOf(k, isEveryStep)));

    private static double Variance(IEnumerable<double> numbers)
    {
        double[] counted = [.. numbers.Where(number => !double.IsNaN(number))];
        if (counted.Length == 0) return 0;
        double mean = counted.Average();
        return counted.Average(t => (t - mean) * (t - mean));
    }
}
