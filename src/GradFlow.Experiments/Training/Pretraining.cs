using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// The phase before a training: a net of its layers that read the sequence, with a head of its own that predicts at
/// every time step. What these layers learn is where the training begins; the head is dropped.
/// </summary>
internal sealed class Pretraining
{
    private readonly Trainer _trainer;
    private readonly DataSplits _data;

    private Pretraining(Trainer trainer, DataSplits data) => (_trainer, _data) = (trainer, data);

    /// <summary>Updates that are planned.</summary>
    public int Steps => _trainer.PlannedSteps;

    /// <summary>Updates made so far.</summary>
    public int Taken => _trainer.Step;

    /// <summary>
    /// Whether a net can learn to predict the next input before it learns its task: it selects the last time step
    /// behind layers with weights that see no later ones, and its inputs are the vectors that are to be predicted.
    /// </summary>
    public static bool Suits(IReadOnlyList<LayerSpec> model) =>
        HasLastStep(model)
        && BodyOf(model) is [not EmbeddingSpec { Words: not null }, ..] body
        && LookAhead.FirstOf(body) is null;

    /// <summary>The pre-training that an experiment asks for; null where it asks for none.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="own">The data of the training itself.</param>
    /// <param name="net">The net of the training itself.</param>
    /// <param name="file">The experiment file, which paths are relative to.</param>
    /// <exception cref="InvalidExperimentException">The net or the data don't allow it.</exception>
    public static Pretraining? Of(Experiment experiment, DataSplits own, Sequential net, string file)
    {
        if (experiment.Training.Pretrain is not { } spec) return null;
        Exception Fail(string problem) => new InvalidExperimentException(
            file, experiment.Training.Lines.Of("pretrain"), $"training.pretrain: {problem}");
        IReadOnlyList<LayerSpec> body = BodyOf(experiment.Model);
        if (LookAhead.FirstOf(body) is { } ahead)
            throw Fail($"'{ahead.EntryName}' sees later time steps, which are to be predicted; expected layers that go "
                + "forward alone");
        if (spec.Data is null && !HasLastStep(experiment.Model))
            throw Fail("without 'data' the net learns to predict the next input, and then what is asked at the end; "
                + "expected 'last-step' behind the layers that read the sequence");
        DataSplits data = spec.Data is null ? own : TaskData.Load(spec.Data, experiment, file);
        if (data.Train.InputShape.Length != 2)
            throw Fail("needs sequences to predict the next step of; expected a task such as 'agreement' or 'text'");
        bool isAsked = data.Train.Tokens is not null || (spec.Data is not null && data.Train.LabelsPerSample > 1);
        if (!isAsked) data = NextInputs.Of(data);
        var trainer = new Trainer(OfBody(experiment, spec, body, data.Train), data, file);
        if (trainer.Model.StepsOut is null)
            throw Fail(
                "the net predicts nothing at single time steps; expected 'last-step' behind those that read them");
        Require(trainer.Model.Net, net, Fail);
        return new Pretraining(trainer, data);
    }

    /// <summary>Makes updates, unless the user stops it.</summary>
    /// <param name="steps">The number of updates to have made.</param>
    /// <param name="judged">Told what the layers have come to at the end, and where it is judged along the way.</param>
    /// <param name="judgedEvery">Updates between two of those, the first before any; none if above all.</param>
    /// <param name="progress">Told after each update; null for nobody.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <returns>False where the user did.</returns>
    public bool Take(
        int steps, Action<Evaluation>? judged, int judgedEvery, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        while (_trainer.Step < steps && !_trainer.IsBroken)
        {
            if (cancellation.IsCancellationRequested) return false;
            if (_trainer.Step == 0 && judgedEvery <= steps) judged?.Invoke(Judge());
            StepRecord taken = _trainer.Advance().Record;
            bool isLast = _trainer.Step == steps || _trainer.IsBroken;
            if (isLast || _trainer.Step % judgedEvery == 0) judged?.Invoke(Judge());
            progress?.Report(new TrainingProgress(_trainer.Step, steps, taken.Loss, null) { IsPretraining = true });
        }
        return true;
    }

    /// <summary>Copies all that is needed to go on from here.</summary>
    public TrainingState Capture() => _trainer.Capture();

    /// <summary>Goes back, or on, to a captured state.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    public void Restore(TrainingState state) => _trainer.Restore(state);

    /// <summary>Gives the layers' weights to the net of the training.</summary>
    public void CopyTo(Sequential net)
    {
        Dictionary<string, Tensor> to = net.Tensors().ToDictionary();
        foreach ((string name, Tensor value) in Learned(_trainer.Model.Net)) Kernels.Copy(value, to[name]);
    }

    /// <summary>The layers in front of the last time step's selection, or of the last layer without one.</summary>
    private static IReadOnlyList<LayerSpec> BodyOf(IReadOnlyList<LayerSpec> model) =>
        HasLastStep(model) ? [.. model.TakeWhile(layer => layer is not LastStepSpec)] : [.. model.SkipLast(1)];

    private Evaluation Judge()
    {
        Evaluation judged = _trainer.EvaluateValidation();
        return judged with { Split = "pretraining", Metric = null, Samples = _data.Validation.Count };
    }

    private static bool HasLastStep(IReadOnlyList<LayerSpec> model) => model.Any(layer => layer is LastStepSpec);

    private static Experiment OfBody(
        Experiment experiment, PretrainSpec spec, IReadOnlyList<LayerSpec> body, Dataset data)
    {
        TrainingSpec training = experiment.Training;
        bool areClasses = data.Labels is not null;
        return experiment with
        {
            Data = spec.Data ?? experiment.Data,
            Model = [.. body, new LinearSpec { Out = areClasses ? data.Classes : data.TargetSize }],
            Loss = areClasses ? new CrossEntropySpec() : new MseSpec(),
            Optimizer = experiment.Optimizer with { Groups = [] },
            Training = new TrainingSpec
            {
                Epochs = spec.Epochs,
                Steps = spec.Steps,
                Batch = training.Batch,
                Accumulate = training.Accumulate,
                Validation = training.Validation,
                Clip = training.Clip is AdaptiveClipSpec clip ? clip with { Except = [] } : training.Clip,
                Truncate = training.Truncate is { Window: not null } ? training.Truncate : null,
                ActivationCheckpointing = training.ActivationCheckpointing,
                StartFrom = training.StartFrom,
                Lines = training.Lines,
            },
        };
    }

    /// <summary>What the training goes on with: all but the head.</summary>
    private static IEnumerable<(string Name, Tensor Value)> Learned(Sequential net) =>
        net.Children.SkipLast(1).SelectMany(child => child.Tensors());

    private static void Require(Sequential learned, Sequential net, Func<string, Exception> fail)
    {
        Dictionary<string, Tensor> own = net.Tensors().ToDictionary();
        foreach ((string name, Tensor value) in Learned(learned))
            if (own[name].Shape != value.Shape)
                throw fail(
                    $"its data give '{name}' the shape {value.Shape}, and those of the training {own[name].Shape}; "
                    + "expected sequences of as many channels");
    }
}
