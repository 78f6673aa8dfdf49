using GradFlow.Nn;

namespace GradFlow.Experiments;

/// <summary>Checks that a net's outputs, its loss and its data fit each other, before anything is trained.</summary>
internal static class Fit
{
    /// <summary>2 GB of float32, of which the backward pass needs as many again.</summary>
    private const double MostNumbers = 500e6;

    /// <exception cref="InvalidExperimentException">They don't.</exception>
    public static void Require(Experiment experiment, Dataset data, Model model, string file)
    {
        if (data.Count < 2)
            throw new InvalidExperimentException(
                file, experiment.Training.Lines.Of("validation"),
                $"training.validation: {experiment.Training.Validation} leaves "
                    + $"{Words.Count(data.Count, "sample")} to train on; expected at least 2");
        if (OfLoss(experiment.Loss, data) is { } unfit)
            throw new InvalidExperimentException(file, experiment.Loss.Source.Number, $"loss: {unfit}");
        if (OfSchedule(experiment.Training.Schedule, data) is { } blind)
            throw new InvalidExperimentException(
                file, experiment.Training.Schedule.Source.Number, $"training.schedule: {blind}");
        LayerSpec last = experiment.Model[^1];
        string? unlike = OfSteps(last, data, model) ?? OfOutputs(experiment.Loss, data, model.Outputs);
        if ((unlike ?? OfNet(model)) is { } problem)
            throw new InvalidExperimentException(file, last.Source.Number, $"model: {problem}");
        if (OfBatch(experiment, data, model) is { } tooSmallOrLarge)
            throw new InvalidExperimentException(
                file, experiment.Training.Lines.Of("batch"), $"training.batch: {tooSmallOrLarge}");
    }

    /// <summary>Checks that no layer reads what is to be predicted, where later time steps show it.</summary>
    /// <exception cref="InvalidExperimentException">One does: the net would learn to copy.</exception>
    public static void RequireNoLookAhead(Experiment experiment, Dataset data, Model model, string file)
    {
        if (model.StepsOut is null || !data.Traits.TargetsAreLaterInputs) return;
        if (LookAhead.FirstOf(experiment.Model) is { } layer)
            throw new InvalidExperimentException(
                file, layer.Source.Number, $"model: '{layer.EntryName}' sees later time steps, "
                    + $"and these show what is to be predicted; expected {Forward(layer)}");
    }

    private static string Forward(LayerSpec layer) => layer switch
    {
        AttentionSpec or TransformerEncoderSpec => "'causal: true'",
        RecurrentSpec => "a layer that goes forward alone, without 'bidirectional'",
        _ => "layers that go forward alone, such as 'gru', or attention with 'causal: true'",
    };

    /// <summary>Checks that updates can read pieces of the sequences, where they shall.</summary>
    /// <exception cref="InvalidExperimentException">They can't.</exception>
    public static void RequirePieces(Experiment experiment, Dataset data, Model model, string file)
    {
        if (experiment.Training.Truncate is not { Every: not null } truncate) return;
        if ((OfPieces(truncate, data, model) ?? OfCarry(truncate, experiment.Data)) is { } problem)
            throw new InvalidExperimentException(
                file, experiment.Training.Lines.Of("truncate"), $"training.truncate: {problem}");
    }

    private static string? OfPieces(TruncateSpec truncate, Dataset data, Model model) =>
        data.LabelsPerSample == 1 || model.StepsOut != data.InputShape[0]
            ? "an update reads a piece of a sequence, but only the last step has an output and a target; expected a "
                + "net and data that have them at every time step, such as 'text'"
        : data.Traits.Lengths is not null
            ? "an update reads a piece of each sequence, but these are of different lengths; expected 'window' alone"
        : truncate.Reach > data.InputShape[0]
            ? $"an update reads {Words.Count(truncate.Reach, "time step")}, but a sequence has {data.InputShape[0]}; "
                + "expected at most as many"
        : model.Net.SelfAndDescendants().FirstOrDefault(
            m => m is Bidirectional or AttentionDecoder or TransformerDecoder) is { } whole
            ? $"an update reads a piece of a sequence, but '{whole.Name}' reads it from its end too; expected layers "
                + "that go forward alone, or 'window'"
        : null;

    private static string? OfCarry(TruncateSpec truncate, DataSpec data) => truncate.Carry && data is not TextSpec
        ? $"'carry' goes on from sample to sample, but those of '{data.EntryName}' don't follow each other; "
            + "expected 'text'"
        : null;

    /// <summary>Checks that the data are words where the net looks up words.</summary>
    /// <exception cref="InvalidExperimentException">They aren't.</exception>
    public static void RequireWords(Experiment experiment, DataSplits data, Model model, string file)
    {
        foreach (Dataset part in new[] { data.Train, data.Validation, data.Test }.OfType<Dataset>())
            if (model.Words?.FindProblem(part) is { } problem)
                throw new InvalidExperimentException(file, experiment.Model[0].Source.Number, $"model: {problem}");
    }

    private static string? OfLoss(LossSpec loss, Dataset data) => loss switch
    {
        CrossEntropySpec or NllProbabilitiesSpec when data.Labels is null =>
            $"'{loss.EntryName}' compares with classes, but the data has numbers to predict; expected 'mse'",
        BinaryCrossEntropySpec when data.Labels is null && data.Targets!.Any(t => t is not (>= 0 and <= 1)) =>
            "'binary-cross-entropy' compares with numbers from 0 to 1, but the data has others; expected 'mse'",
        _ => null,
    };

    private static string? OfSchedule(ScheduleSpec schedule, Dataset data) =>
        schedule is OnPlateauScheduleSpec { Of: Progress.ValidationMetric } && data.Labels is null
            ? "'on-plateau' looks at the accuracy, but the data has numbers to predict; expected 'of: validation-loss'"
            : null;

    private static string? OfOutputs(LossSpec loss, Dataset data, int outputs)
    {
        if (loss is BinaryCrossEntropySpec && data.Labels is not null && outputs == 1)
            return data.Classes == 2
                ? null
                : $"one output can't tell {data.Classes} classes apart; expected {data.Classes} outputs";
        (int wanted, string what) = data.Labels is null
            ? (data.TargetSize, Words.Count(data.TargetSize, "number") + " to predict")
            : (data.Classes, Words.Count(data.Classes, "class"));
        return outputs == wanted
            ? null
            : $"the last layer has {Words.Count(outputs, "output")} for {what}; expected {wanted}";
    }

    private static string? OfSteps(LayerSpec last, Dataset data, Model model)
    {
        if (model.StepsOut is not { } steps || data.LabelsPerSample == steps) return null;
        return data.LabelsPerSample == 1
            ? $"has outputs at each of {Words.Count(steps, "time step")}, but the data has one target per sequence; "
                + AtTheEnd(last, data)
            : $"has outputs at {Words.Count(steps, "time step")}, but the data has targets at {data.LabelsPerSample}";
    }

    private static string AtTheEnd(LayerSpec last, Dataset data) => last switch
    {
        LinearSpec => "put 'last-step' before the last layer",
        AttentionDecoderSpec or TransformerDecoderSpec =>
            $"expected 'last-step' and 'linear: {(data.Labels is null ? data.TargetSize : data.Classes)}' in place of "
                + $"'{last.EntryName}', or data such as 'reverse'",
        _ => "put 'last-step' behind the last layer",
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
            : $"a step of {Words.Count(rows, "sample")} makes {(double)rows * model.Units:N0} numbers; "
                + $"at most {MostNumbers:N0} can be held";
    }

    private static bool HasBatchNorm(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer switch
    {
        BatchNormSpec => true,
        RepeatSpec repeat => HasBatchNorm(repeat.Layers),
        BlockSpec block => HasBatchNorm(block.Layers),
        _ => false,
    });
}
