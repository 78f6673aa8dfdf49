namespace GradFlow.Experiments;

/// <summary>What of an experiment has another effect on its data than somebody who wrote it would expect.</summary>
internal static class Remarks
{
    public static IEnumerable<Remark> Of(Experiment experiment, Dataset data, Model model)
    {
        TrainingSpec training = experiment.Training;
        int samples = data.Count;
        LayerSpec[] layers = [.. Flat(experiment.Model)];
        if (training.Truncate is not null && WithoutEffect(training.Truncate, layers, data) is { } why)
            yield return new Remark(training.Lines.Of("truncate"), $"training.truncate has no effect: {why}");
        if (training.Batch > samples)
            yield return new Remark(
                training.Lines.Of("batch"), $"training.batch is {training.Batch:N0}, but there are "
                    + $"{Words.Count(samples, "training sample")}: each batch takes all of them");
        if (training.Truncate is { Reach: 1 }
            && training.Regularizers.OfType<NormPreservationSpec>().FirstOrDefault() is { } norm)
            yield return new Remark(
                norm.Source.Number, "'norm-preservation' has no effect: training.truncate lets the gradient of each "
                    + "time step end there");
        foreach (LayerSpec layer in layers)
        {
            if (layer is SkippingRecurrentSpec { Skip: { } skip } && skip >= data.InputShape[0]
                && training.Truncate is not { Carry: true })
                yield return new Remark(
                    layer.Source.Number, $"'skip: {skip}' of '{layer.EntryName}' has no effect: a sequence has "
                        + Words.Count(data.InputShape[0], "time step"));
            if (FurthestSeen(layer) >= data.InputShape[0]
                && !Array.Exists(layers, other => other is ConvSpec or PoolSpec))
                yield return new Remark(
                    layer.Source.Number, $"'window' of '{layer.EntryName}' has no effect: a sequence has "
                        + Words.Count(data.InputShape[0], "time step"));
        }
        bool isAskedOften = data.LabelsPerSample > 1 && (data.Targets is not null || data.Traits.Judged > 1);
        if (isAskedOften && model.StepsOut is null)
            yield return new Remark(
                Array.Find(layers, layer => layer is LastStepSpec)?.Source.Number,
                "model has one output per sequence, but the data ask at each of "
                    + $"{Words.Count(data.LabelsPerSample, "time step")}: only the last one's answer is learned");
    }

    private static string? WithoutEffect(TruncateSpec truncate, LayerSpec[] layers, Dataset data) =>
        !Array.Exists(layers, RecurrentLayers.IsRecurrent) ? "the net has no recurrent layer"
        : truncate.Window >= data.InputShape[0]
            ? $"it cuts after {Words.Count(truncate.Window.Value, "time step")}, "
                + $"and a sequence has {data.InputShape[0]:N0}"
        : null;

    /// <summary>Time steps that a window holds on its shorter side, its own included; null without a window.</summary>
    private static int? FurthestSeen(LayerSpec layer) => layer switch
    {
        AttentionSpec { Window: { } window } spec => spec.Causal ? window : (window + 1) / 2,
        TransformerEncoderSpec { Window: { } window } spec => spec.Causal ? window : (window + 1) / 2,
        _ => null,
    };

    private static IEnumerable<LayerSpec> Flat(IEnumerable<LayerSpec> layers) => layers.SelectMany(layer => layer switch
    {
        RepeatSpec repeat => Flat(repeat.Layers),
        BlockSpec block => Flat(block.Layers),
        _ => [layer],
    });
}
