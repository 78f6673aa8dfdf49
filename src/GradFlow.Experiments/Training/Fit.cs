namespace GradFlow.Experiments;

/// <summary>Checks that a net's outputs, its loss and its data fit each other, before anything is trained.</summary>
internal static class Fit
{
    /// <exception cref="InvalidExperimentException">They don't.</exception>
    public static void Require(Experiment experiment, Dataset data, int outputs, string file)
    {
        string? problem = experiment.Loss switch
        {
            CrossEntropySpec or NllProbabilitiesSpec when data.Labels is null =>
                $"loss '{experiment.Loss.EntryName}' compares with classes, but the data has numbers to predict; expected 'mse'",
            CrossEntropySpec or NllProbabilitiesSpec when outputs != data.Classes =>
                $"the last layer has {outputs} outputs for {data.Classes} classes; expected {data.Classes}",
            BinaryCrossEntropySpec when data.Labels is not null && outputs == 1 && data.Classes != 2 =>
                $"one output can't tell {data.Classes} classes apart; expected {data.Classes} outputs",
            BinaryCrossEntropySpec when data.Labels is null && data.Targets!.Any(t => t is not (>= 0 and <= 1)) =>
                "loss 'binary-cross-entropy' compares with numbers from 0 to 1, but the data has others; expected 'mse'",
            BinaryCrossEntropySpec when data.Labels is not null && outputs == 1 => null,
            _ when data.Labels is not null && outputs != data.Classes =>
                $"the last layer has {outputs} outputs for {data.Classes} classes; expected {data.Classes}",
            _ when data.Targets is not null && outputs != data.TargetSize =>
                $"the last layer has {outputs} outputs for {data.TargetSize} numbers to predict; expected {data.TargetSize}",
            _ => null,
        };
        if (problem is not null) throw new InvalidExperimentException(file, null, $"model: {problem}");
        if (HasBatchNorm(experiment.Model) && experiment.Training.Batch < 2)
            throw new InvalidExperimentException(file, null, "training.batch: 'batch-norm' needs a batch of at least 2");
    }

    private static bool HasBatchNorm(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer switch
    {
        BatchNormSpec => true,
        RepeatSpec repeat => HasBatchNorm(repeat.Layers),
        ResidualSpec residual => HasBatchNorm(residual.Layers),
        _ => false,
    });
}
