using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Trains an experiment's net, a step at a time. The same experiment, data and seed give the same bits, watched or not,
/// and from a restored state as without a break.
/// </summary>
public sealed partial class Trainer
{
    private readonly DataSplits _data;
    private readonly string _file;
    private readonly TensorPool _pool = new();
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly GradientClipping? _clipping;
    private readonly Schedule _schedule;
    private readonly IHasMomentum? _moved;
    private readonly IReadOnlyList<Regularizer> _regularizers;
    private readonly PlateauSchedule? _plateau;
    private readonly EarlyStopping? _stopping;
    private readonly NonFiniteGuard? _guard;
    private readonly Dictionary<string, IKeepsState> _memories = [];
    private readonly Batches _train;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly double _baseRate;
    private readonly Lazy<double?> _targetVariance;
    private readonly StartWeights _start;
    private int _watchedFrom;

    /// <summary>Builds the net with its initial weights.</summary>
    /// <param name="experiment">What to train.</param>
    /// <param name="data">Its data, loaded.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <exception cref="InvalidExperimentException">Layers, loss and data do not fit each other.</exception>
    public Trainer(Experiment experiment, DataSplits data, string file = "experiment")
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(data);
        Experiment = experiment;
        _data = data;
        _file = file;
        _targetVariance = new Lazy<double?>(
            () => Summarize() is { MetricName: MetricNames.Nrmse, BaselineLoss: var all } ? all : null);
        Model = ModelBuilder.Build(experiment, data.Train.InputShape, file, data.Train.Traits.Lengths is not null);
        Fit.Require(experiment, data.Train, Model, file);
        Fit.RequireNoLookAhead(experiment, data.Train, Model, file);
        Fit.RequireWords(experiment, data, Model, file);
        Fit.RequirePieces(experiment, data.Train, Model, file);
        _streams = CreateStreams(experiment.Training, data.Train);
        StepsPerEpoch = Recipe.StepsPerEpoch(data.Train.Count, experiment.Training);
        if (_streams is not null)
        {
            StepsPerEpoch = Carries ? _streams.Updates : StepsPerEpoch * _streams.Updates;
            Remember("carried", _carried);
        }
        _train = new Batches(data.Train, experiment.Loss, Model);
        ScaleByFirstBatch();
        _start = StartWeights.Load(experiment, Model.Net, file);
        _pretraining = Pretraining.Of(experiment, data, Model.Net, file);
        FitReadout();
        _parameters = Model.Net.AllParameters();
        _loss = Losses.Find(experiment.Loss.EntryName);
        _optimizer = Recipe.OptimizerOf(experiment.Optimizer, Model.Net, file);
        _baseRate = _optimizer.LearningRate;
        _regularizers = Recipe.RegularizersOf(experiment, Model.Net, file);
        for (int i = 0; i < _regularizers.Count; i++) Remember($"{_regularizers[i].Name}-{i + 1}", _regularizers[i]);
        _clipping = Recipe.ClippingOf(experiment.Training.Clip, Model.Net, file);
        Remember($"clip-{_clipping?.Name}", _clipping);
        PlannedSteps = Recipe.PlannedSteps(experiment.Training, StepsPerEpoch, file);
        _schedule = Recipe.ScheduleOf(experiment.Training, PlannedSteps);
        _moved = _optimizer is IHasMomentum { Momentum: > 0 } moved ? moved : null;
        if (experiment.Training.Schedule is OnPlateauScheduleSpec plateau)
            Remember(plateau.EntryName, _plateau = new PlateauSchedule(plateau, StepsPerEpoch));
        if (experiment.Training.Stop is { } stop)
            Remember("early-stopping", _stopping = new EarlyStopping(stop, Tensors().ToDictionary(), StepsPerEpoch));
        if (experiment.Training.NonFinite is not ErrorSpec and var nonFinite)
            Remember("non-finite", _guard = new NonFiniteGuard(
                nonFinite, _parameters, Model.Net.AllBuffers(), _optimizer, StepsPerEpoch));
    }

    /// <summary>What is trained.</summary>
    public Experiment Experiment { get; }

    /// <summary>The net.</summary>
    public Model Model { get; }

    /// <summary>
    /// Steps, that is updates, in one pass over the training data; a last batch of a single sample is left out.
    /// </summary>
    public int StepsPerEpoch { get; }

    /// <summary>
    /// What of the experiment has no effect, or another than it says, a line each: <c>file:line: what</c>.
    /// </summary>
    public IReadOnlyList<string> Remarks
    {
        get
        {
            int? start = Experiment.Training.Lines.Of("start-from");
            return [.. Experiments.Remarks.Of(Experiment, _data.Train, Model)
                .Concat(_start.Remarks.Select(text => new Remark(start, text)))
                .Select(remark => remark.In(_file))];
        }
    }

    /// <summary>Steps that the experiment asks for.</summary>
    public int PlannedSteps { get; }

    /// <summary>Steps taken so far.</summary>
    public int Step { get; private set; }

    /// <summary>The watch; null trains unwatched, to the same bits.</summary>
    public NetWatch? Watch { get; set; }

    /// <summary>Where the first non-finite number came from; null while the training is sound.</summary>
    public NonFiniteOrigin? NonFinite { get; private set; }

    /// <summary>
    /// True once the training has ended in NaN or infinity: more steps would be of no use. Steps that the experiment
    /// has skipped or undone don't end it.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>True once early stopping has ended the training: the validation loss has stopped improving.</summary>
    public bool HasStopped => _stopping?.HasStopped == true;

    /// <summary>
    /// Steps taken when early stopping found the lowest validation loss; null without, or before its first look.
    /// </summary>
    public int? BestStep => _stopping?.BestStep;

    /// <summary>Takes one step.</summary>
    /// <returns>What every step leaves behind, and the frame of a watched one.</returns>
    public (StepRecord Record, Frame? Frame) Advance()
    {
        IReadOnlyDictionary<string, Tensor> begun = _carried.State;
        _guard?.BeforeStep(Step);
        _optimizer.LearningRate =
            _baseRate * _schedule.Factor(Step) * (_plateau?.Factor ?? 1) * (_guard?.RateFactor ?? 1);
        if (_moved is not null && (_schedule as IMovesMomentum)?.Momentum(Step) is { } momentum)
            _moved.Momentum = momentum;
        _optimizer.ClearGradients();
        Watch?.BeginStep(Step);
        foreach (SpectralNorm regularizer in _regularizers.OfType<SpectralNorm>()) regularizer.Iterate();
        (double loss, double? penalty, double? metric) = TakeGradient(Watch, Watch);
        double norm = GradientClipping.GlobalNorm(_parameters);
        if (!double.IsFinite(loss) || !double.IsFinite(norm)) FindOrigin(begun);
        Watch?.BeforeUpdate();
        ClipResult? clip = _clipping?.ApplyInPlace(_parameters);
        bool isSound = double.IsFinite(loss) && double.IsFinite(clip?.NormAfter ?? norm);
        if (isSound) _optimizer.Step();
        Frame? frame = Watch?.AfterUpdate();
        if (!isSound) _carried.Clear();
        if (isSound) _guard?.AfterSoundStep();
        else if (_guard?.Rescue() == true) clip = new ClipResult(norm, 0, 0);
        else IsBroken = true;
        var record = new StepRecord(
            Step, Step / StepsPerEpoch, loss, metric ?? ErrorOf(loss - (penalty ?? 0)), _optimizer.LearningRate,
            norm, clip?.NormAfter ?? norm, clip?.Coefficient)
        {
            Penalty = penalty,
        };
        Step++;
        if (!IsBroken)
        {
            _plateau?.After(Step, loss, EvaluateValidation);
            _stopping?.After(Step, () => EvaluateValidation().Loss);
        }
        if (Step % StepsPerEpoch == 0 && IsEpochWatched) Watch?.EndEpoch();
        return (record, frame);
    }

    /// <summary>
    /// False for the first epoch of a watch that has been put into the middle of it: units may only seem dead.
    /// </summary>
    private bool IsEpochWatched => _watchedFrom % StepsPerEpoch == 0 || Step - _watchedFrom >= StepsPerEpoch;

    /// <summary>Copies all that is needed to go on from here.</summary>
    public TrainingState Capture() => new(
        Step,
        Tensors().ToDictionary(t => t.Name, t => t.Value.Clone()),
        _optimizer.State.ToDictionary(t => t.Key, t => t.Value.Clone()))
    {
        Memory = _memories
            .SelectMany(memory => memory.Value.State.Select(t => ($"{memory.Key}/{t.Key}", t.Value.Clone())))
            .ToDictionary(),
        DataFingerprint = Experiment.Data is IReadsFile { Path: not null } ? _data.Fingerprint : null,
        Pretraining = _pretraining?.Capture(),
    };

    /// <summary>Goes back, or on, to a captured state, which may lie within the pre-training.</summary>
    /// <param name="state">
    /// A state of a net with the same tensors; what clipping and schedule remember is taken where they are of the same
    /// kind.
    /// </param>
    /// <param name="withOptimizer">False starts with a fresh optimiser.</param>
    /// <exception cref="ArgumentException">
    /// A tensor is missing or of another shape, or the state is of a pre-training and this training has none before it.
    /// </exception>
    public void Restore(TrainingState state, bool withOptimizer = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        RestorePretraining(state.Pretraining);
        foreach ((string name, Tensor value) in Tensors())
        {
            if (!state.Tensors.TryGetValue(name, out Tensor? saved) || saved.Shape != value.Shape)
                throw new ArgumentException($"the state has no '{name}' of shape {value.Shape}", nameof(state));
            Kernels.Copy(saved, value);
        }
        if (withOptimizer) _optimizer.LoadState(state.Optimizer);
        foreach ((string name, IKeepsState memory) in _memories)
            if (withOptimizer || memory != _guard) RestoreMemory(name + "/", memory, state.Memory);
        Step = state.Step;
        _watchedFrom = Watch is null ? 0 : Step;
        IsBroken = false;
        NonFinite = null;
    }

    /// <summary>
    /// Puts the parameters and buffers back that early stopping has found best; none are without it. Steps are counted
    /// on, and the optimiser's state stays as it is.
    /// </summary>
    public void GoBackToBest() => _stopping?.GoBack();

    private void Remember(string name, object? part)
    {
        if (part is IKeepsState memory) _memories[name] = memory;
    }

    private static void RestoreMemory(string prefix, IKeepsState memory, IReadOnlyDictionary<string, Tensor> saved)
    {
        Dictionary<string, Tensor> own = saved.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        if (own.Count > 0) memory.LoadState(own);
    }

    /// <summary>Ends the initialisation of weights whose scale the data decides.</summary>
    private void ScaleByFirstBatch()
    {
        string lsuv = new LsuvInitSpec().EntryName;
        HashSet<string> layers =
            [.. Model.InitNames.Where(init => init.Value == lsuv).Select(
                init => init.Key[..init.Key.LastIndexOf('.')])];
        if (layers.Count == 0) return;
        using var tape = new Tape();
        int[] batch = BatchRows(0), rows = batch[..Math.Min(batch.Length, Experiment.Training.Batch)];
        Tensor inputs = _train.Inputs(tape, rows).Value;
        Lsuv.ScaleInPlace(
            Model.Net, inputs, new Pass(true, new StepDraws(Experiment.Seed, 0)) { Lengths = _train.Lengths(rows) },
            m => layers.Contains(m.Name));
    }

    /// <summary>Fits the last layer where its initialisation asks for it.</summary>
    private void FitReadout()
    {
        if (Experiment.Model[^1] is not LinearSpec { Init: RidgeInitSpec ridge } layer) return;
        var values = new Batches(_data.Train, new MseSpec(), Model);
        if (RidgeReadout.FitInPlace(Model.Net, values, ridge.Alpha) is { } problem)
            throw new InvalidExperimentException(
                _file, layer.Source.Number, $"model[{Experiment.Model.Count - 1}]: {problem}");
    }

    private IEnumerable<(string Name, Tensor Value)> Tensors() => Model.Net.Tensors();
}
