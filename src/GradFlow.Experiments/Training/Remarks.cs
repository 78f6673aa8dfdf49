namespace GradFlow.Experiments;

/// <summary>What of an experiment has another effect on its data than somebody who wrote it would expect.</summary>
internal static class Remarks
{
    public static IEnumerable<string> Of(Experiment experiment, int samples)
    {
        TrainingSpec training = experiment.Training;
        if (training.Truncate is not null && !HasRecurrence(experiment.Model))
            yield return "training.truncate has no effect: the net has no recurrent layer";
        if (training.Batch > samples)
            yield return $"training.batch is {training.Batch:N0}, but there are {Words.Count(samples, "training sample")}: "
                + "each batch takes all of them";
    }

    private static bool HasRecurrence(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer switch
    {
        RepeatSpec repeat => HasRecurrence(repeat.Layers),
        BlockSpec block => HasRecurrence(block.Layers),
        _ => RecurrentLayers.IsRecurrent(layer),
    });
}
