using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Seed">The seed that every draw is keyed by; null if unknown.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Producer">What wrote it, with version: <c>gradflow 0.1.0</c>, <c>gradflow-torch 0.1.0</c>.</param>
/// <param name="Plan">The training that was asked for.</param>
/// <param name="Structure">The tables that frames are indexed by.</param>
/// <param name="Experiment">The resolved experiment file, so that it can be run again; null for a foreign run.</param>
public sealed record RunHeader(
    string Name,
    long? Seed,
    DateTimeOffset StartedAt,
    string Producer,
    TrainingPlan Plan,
    RunStructure Structure,
    string? Experiment = null)
{
    /// <summary>The version of the record format that this library writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the record format that this header was written with.</summary>
    public int Format { get; init; } = CurrentFormat;
}

/// <summary>The training that was asked for, in numbers that rules compare with.</summary>
/// <param name="Steps">Optimiser steps planned; 0 if unknown.</param>
/// <param name="StepsPerEpoch">Steps in one pass over the training data; 0 if unknown.</param>
/// <param name="BatchSize">Samples per step; 0 if unknown.</param>
/// <param name="Loss">The loss's name as in the experiment file, such as <c>cross-entropy</c>.</param>
/// <param name="Optimizer">The optimiser as in the experiment file, such as <c>sgd</c>.</param>
/// <param name="LearningRate">The base learning rate; null if unknown.</param>
/// <param name="MetricName">
/// <c>accuracy</c>, or <c>NRMSE</c> of numbers to predict (<see cref="MetricNames"/>); null where the task has none.
/// </param>
/// <param name="ChanceMetric">
/// The metric of the best constant prediction, on the training data; null if unknown.
/// </param>
/// <param name="BaselineLoss">
/// The loss of the best constant prediction on the training data (cross-entropy: the entropy of the class shares;
/// MSE: the variance of the targets); null if unknown. A loss that never leaves it is a net that has not learned.
/// </param>
/// <param name="InputRms">The root mean square of the net's inputs; null if unknown.</param>
/// <param name="InputMaxAbs">The largest magnitude among the net's inputs; null if unknown.</param>
/// <param name="LongestDependency">
/// Of a task on sequences: time steps between what decides and the last output, which it decides and whose metric is
/// taken; null if unknown.
/// </param>
/// <param name="LossPer">
/// <c>character</c> where the loss is −ln of the probability of a text's characters (or bytes, where it is read by
/// those), the mean over all: over ln 2 it is bits per character. Null for other data.
/// </param>
/// <param name="PretrainingSteps">
/// Steps planned of the phase before the first step, each an update; null without one.
/// </param>
public sealed record TrainingPlan(
    int Steps,
    int StepsPerEpoch,
    int BatchSize,
    string Loss,
    string Optimizer,
    double? LearningRate,
    string? MetricName,
    double? ChanceMetric,
    double? BaselineLoss,
    double? InputRms = null,
    double? InputMaxAbs = null,
    int? LongestDependency = null,
    string? LossPer = null,
    int? PretrainingSteps = null)
{
    /// <summary>
    /// True where the weight decay shrinks the weights themselves, by the rate times it at each update, false where it
    /// is added to the gradient; null where there is none, or it isn't known.
    /// </summary>
    public bool? IsDecayDecoupled { get; init; }

    /// <summary>
    /// The bits per character that a loss comes to, loss/ln 2; null where it isn't one per character.
    /// </summary>
    /// <param name="loss">The loss, in nats; null for none.</param>
    public double? BitsPerCharacter(double? loss) => LossPer == "character" ? loss / Math.Log(2) : null;

    /// <summary>
    /// True where the accuracy on the last output alone says whether the net has learned: the task is known to need a
    /// long dependency, and the loss falls by what near steps tell, whether or not the far ones are learned.
    /// </summary>
    [JsonIgnore]
    public bool IsJudgedByMetric =>
        LongestDependency is not null && MetricName == MetricNames.Accuracy && ChanceMetric is < 1;
}
