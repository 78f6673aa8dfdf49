using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow;

/// <summary>
/// What a watch is told of a training. All of it is optional: the net's structure, the batch size, the loss and the
/// scale of the inputs are read off the first step.
/// </summary>
public sealed record WatchSettings
{
    /// <summary>The training's name, which the run's folder carries; <c>own-loop</c> by default.</summary>
    public string Name { get; init; } = "own-loop";

    /// <summary>The folder that runs are kept in; <c>runs</c> by default.</summary>
    public string Out { get; init; } = "runs";

    /// <summary>
    /// Called during the training for each finding when it first stands, and again when it has become graver; null for
    /// nobody. It is called on the loop's thread, from <see cref="GradientWatch.Step(Autograd.Variable, double?)"/>, or
    /// at the end from <see cref="GradientWatch.Dispose"/>.
    /// </summary>
    public Action<Finding>? Found { get; init; }

    /// <summary>Steps planned; 0 if unknown. Known, the early steps are judged as what they are.</summary>
    public int Steps { get; init; }

    /// <summary>
    /// Steps in one pass over the training data; 0 if unknown or not always the same: then tell
    /// <see cref="GradientWatch.EndEpoch"/>. Without epochs, 1000 steps pass before a loss that stands counts as stuck,
    /// and dead units are not looked for.
    /// </summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>The seed of the training, for the record; null if unknown.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// The loss of the best constant prediction: for cross-entropy the entropy of the class shares in nats (ln 10 for
    /// ten classes of one size), for the squared error the variance of the targets. Null if unknown: then the loss of
    /// the first steps stands for it.
    /// </summary>
    public double? BaselineLoss { get; init; }

    /// <summary>The accuracy of the best constant prediction, the largest class's share; null if unknown.</summary>
    public double? ChanceMetric { get; init; }

    /// <summary>
    /// Of a task on sequences: time steps between what decides and the output that it decides; null if unknown.
    /// </summary>
    public int? LongestDependency { get; init; }

    /// <summary>
    /// The share of the training's time that watching may cost, by a cost model; 2 % by default. A young training is
    /// watched closely at every 16th step up to step 1024, and then 32 times while its length doubles, even beyond it.
    /// </summary>
    public double Budget { get; init; } = new WatchOptions().Budget;

    /// <summary>
    /// Most steps between two closely watched ones, even where that exceeds the budget; 256 by default.
    /// </summary>
    public int MaxInterval { get; init; } = new WatchOptions().MaxInterval;

    /// <summary>The clock that names the run's folder and takes the training's time; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A setting is out of its range; the message says which.</exception>
    internal void Require()
    {
        if (string.IsNullOrWhiteSpace(Name)) throw Unfit(nameof(Name), "is empty", "a name for the training");
        if (string.IsNullOrWhiteSpace(Out)) throw Unfit(nameof(Out), "is empty", "a folder for runs");
        if (Steps < 0) throw Unfit(nameof(Steps), $"is {Steps}", "0 (unknown) or more");
        if (StepsPerEpoch < 0) throw Unfit(nameof(StepsPerEpoch), $"is {StepsPerEpoch}", "0 (unknown) or more");
        if (LongestDependency < 0) throw Unfit(nameof(LongestDependency), $"is {LongestDependency}", "0 or more");
        if (BaselineLoss is { } loss && !double.IsFinite(loss))
            throw Unfit(nameof(BaselineLoss), $"is {loss}", "a finite number, or null if it is unknown");
        if (ChanceMetric is { } chance && chance is not (>= 0 and <= 1))
            throw Unfit(nameof(ChanceMetric), $"is {chance}", "a share from 0 to 1, or null if it is unknown");
        if (Budget is not (> 0 and <= 1)) throw Unfit(nameof(Budget), $"is {Budget}", "more than 0, at most 1");
        if (MaxInterval < 1) throw Unfit(nameof(MaxInterval), $"is {MaxInterval}", "1 or more");
    }

    private static ArgumentException Unfit(string setting, string what, string expected) =>
        new($"WatchSettings.{setting} {what}; expected {expected}");
}
