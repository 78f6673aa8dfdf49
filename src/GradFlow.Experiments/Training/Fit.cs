namespace GradFlow.Experiments;

/// <summary>Checks that a net's outputs, its loss and its data fit each other, before anything is trained.</summary>
internal static class Fit
{
    /// <summary>2 GB of float32, of which the backward pass needs as many again.</summary>
    private const double MostNumbers = 500e6;

    /// <exception cref="InvalidExperimentException">They don't.</exception>
    public static void Require(Experiment experiment, Dataset data, Model model, string file)
    {
        if ((OfOutputs(experiment, data, model.Outputs) ?? OfNet(model)) is { } problem)
            throw new InvalidExperimentException(file, null, $"model: {problem}");
        if (OfBatch(experiment, data, model) is { } tooSmallOrLarge)
            throw new InvalidExperimentException(file, null, $"training.batch: {tooSmallOrLarge}");
    }

    private static string? OfOutputs(Experiment experiment, Dataset data, int outputs) => experiment.Loss switch
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

    private static string? OfNet(Model model) => model.Net.AllParameters().Count == 0
        ? "has nothing to train; expected a layer with weights, such as 'linear'"
        : null;

    private static string? OfBatch(Experiment experiment, Dataset data, Model model)
    {
        int rows = Math.Min(experiment.Training.Batch, data.Count);
        if (rows < 2 && HasBatchNorm(experiment.Model))
            return $"'batch-norm' needs 2 samples per step to compare; expected a batch of at least 2, got {rows}";
        return (double)rows * model.Units <= MostNumbers
            ? null
            : $"a step of {rows:N0} samples makes {(double)rows * model.Units:N0} numbers; at most {MostNumbers:N0} can be held";
    }

    private static bool HasBatchNorm(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer switch
    {
        BatchNormSpec => true,
        RepeatSpec repeat => HasBatchNorm(repeat.Layers),
        ResidualSpec residual => HasBatchNorm(residual.Layers),
        _ => false,
    });
}
