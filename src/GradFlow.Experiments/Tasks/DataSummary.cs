namespace GradFlow.Experiments;

/// <summary>What is known of the training data before the first step.</summary>
/// <param name="InputRms">√ of the mean squared input.</param>
/// <param name="InputMaxAbs">The largest magnitude among the inputs.</param>
/// <param name="MeanProduct">
/// The mean of x·y/n over all pairs of different samples x and y of n numbers each; with the squared
/// <see cref="InputRms"/> it gives the correlation that a mean-field forecast starts from. 0 for a single sample.
/// </param>
/// <param name="ClassShares">Each class's share of the samples; empty for regression.</param>
/// <param name="BaselineLoss">
/// The loss of the best constant prediction: the entropy of the class shares in nats, or the targets' variance (of
/// one-hot labels, where the squared error judges classes); null where the loss doesn't fit the data.
/// </param>
/// <param name="MetricName"><c>accuracy</c>; null for regression, which has none.</param>
/// <param name="ChanceMetric">The metric of the best constant prediction; null if there is none.</param>
public sealed record DataSummary(
    double InputRms,
    double InputMaxAbs,
    double MeanProduct,
    ValueList<double> ClassShares,
    double? BaselineLoss,
    string? MetricName,
    double? ChanceMetric)
{
    /// <summary>Summarises data for a loss.</summary>
    /// <param name="data">The training data; at least one sample.</param>
    /// <param name="loss">What is minimised on them.</param>
    public static DataSummary Of(Dataset data, LossSpec loss)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        if (data.Count == 0)
            throw new ArgumentException("must hold a sample", nameof(data));

        (double squares, double maxAbs, double product) = data.InputMoments;
        ValueList<double> shares = Shares(data);
        return new DataSummary(
            Math.Sqrt(squares), maxAbs, product, shares, Baseline(data, loss, shares),
            data.Labels is null ? null : "accuracy", data.Labels is null ? null : shares.Max());
    }

    private static ValueList<double> Shares(Dataset data)
    {
        int[] counts = new int[data.Classes];
        foreach (int label in data.Labels ?? [])
            counts[label]++;
        return new ValueList<double>(counts.Select(count => (double)count / data.Count));
    }

    private static double? Baseline(Dataset data, LossSpec loss, IReadOnlyList<double> shares) => loss switch
    {
        MseSpec when data.Labels is not null => shares.Average(p => p * (1 - p)),
        MseSpec => TargetVariance(data),
        CrossEntropySpec or NllProbabilitiesSpec when data.Labels is not null => shares.Sum(MinusXLogX),
        BinaryCrossEntropySpec when data.Labels is not null => shares.Average(p => MinusXLogX(p) + MinusXLogX(1 - p)),
        _ => null,
    };

    private static double MinusXLogX(double x) => x > 0 ? -x * Math.Log(x) : 0;

    private static double TargetVariance(Dataset data)
    {
        double variance = 0;
        for (int k = 0; k < data.TargetSize; k++)
        {
            double[] column =
                [.. Enumerable.Range(0, data.Count).Select(i => (double)data.Targets![(i * data.TargetSize) + k])];
            double mean = column.Average();
            variance += column.Average(t => (t - mean) * (t - mean)) / data.TargetSize;
        }

        return variance;
    }
}
