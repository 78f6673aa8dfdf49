namespace GradFlow.Runs;

/// <summary>What a run's metric may be.</summary>
public static class MetricNames
{
    /// <summary>The share of right classes: the higher the better, 1 at best.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>
    /// The root of the mean squared error over the standard deviation of the training data's targets: the lower the
    /// better, 0 at best and about 1 for the best constant prediction.
    /// </summary>
    public const string Nrmse = "NRMSE";
}
