namespace GradFlow.Runs;

/// <summary>
/// The net judged on sequences of several lengths apart: one that is good on short ones and no better than a guess on
/// long ones has learned the task, and doesn't remember for long enough.
/// </summary>
/// <param name="Step">Steps taken before it was judged.</param>
/// <param name="Rows">One row for each length or range of lengths, the shortest first.</param>
public sealed record LossByLength(int Step, IReadOnlyList<LengthLoss> Rows);

/// <summary>The net judged on sequences of a length.</summary>
/// <param name="From">The shortest of them, in time steps.</param>
/// <param name="To">The longest of them, in time steps.</param>
/// <param name="Loss">Mean loss over them.</param>
/// <param name="Metric">The run's metric over them; null if there is none.</param>
/// <param name="BaselineLoss">The loss of the best prediction without inputs, on them; null if unknown.</param>
/// <param name="ChanceMetric">The metric of the best constant prediction, on them; null if unknown.</param>
/// <param name="Samples">How many sequences were judged.</param>
/// <param name="IsTrained">
/// Whether the training data has sequences of this length; else they were drawn to judge by.
/// </param>
public sealed record LengthLoss(
    int From,
    int To,
    double Loss,
    double? Metric,
    double? BaselineLoss,
    double? ChanceMetric,
    int Samples,
    bool IsTrained);
