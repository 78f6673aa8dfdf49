namespace GradFlow.Experiments;

/// <summary>What of an experiment has another effect on its data than somebody who wrote it would expect.</summary>
internal static class Remarks
{
    public static IEnumerable<string> Of(Experiment experiment, Dataset data, Model model)
    {
        TrainingSpec training = experiment.Training;
        int samples = data.Count;
        if (training.Truncate is not null && !Flat(experiment.Model).Any(RecurrentLayers.IsRecurrent))
            yield return "training.truncate has no effect: the net has no recurrent layer";
        if (training.Batch > samples)
            yield return $"training.batch is {training.Batch:N0}, but there are {Words.Count(samples, "training sample")}: "
                + "each batch takes all of them";
        foreach (LayerSpec layer in Flat(experiment.Model))
            if (layer is SkippingRecurrentSpec { Skip: { } skip } && skip >= data.InputShape[0]
                && training.Truncate is not { Carry: true })
                yield return $"'skip: {skip}' of '{layer.EntryName}' has no effect: a sequence has "
                    + Words.Count(data.InputShape[0], "time step");
        bool isAskedOften = data.LabelsPerSample > 1 && (data.Targets is not null || data.Traits.Judged > 1);
        if (isAskedOften && model.StepsOut is null)
            yield return "model has one output per sequence, but the data ask at each of "
                + $"{Words.Count(data.LabelsPerSample, "time step")}: only the last one's answer is learned";
    }

    private static IEnumerable<LayerSpec> Flat(IEnumerable<LayerSpec> layers) => layers.SelectMany(layer => layer switch
    {
        RepeatSpec repeat => Flat(repeat.Layers),
        BlockSpec block => Flat(block.Layers),
        _ => [layer],
    });
}
