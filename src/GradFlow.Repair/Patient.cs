using System.Collections.Concurrent;
using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The training as given, with what forks of it need: its data, its size and its last sound state.</summary>
internal sealed class Patient
{
    private const int QuickShare = 3;

    private readonly string _baseFolder;
    private readonly ConcurrentDictionary<DataSpec, Lazy<DataSplits>> _data = new();
    private readonly Trainer _trainer;

    public Patient(Experiment experiment, string file, DoctorOptions options)
    {
        Experiment = experiment;
        File = file;
        Options = options;
        _baseFolder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        _trainer = new Trainer(experiment, DataOf(experiment), file);
        foreach (string remark in _trainer.Remarks) options.Remarked?.Invoke(remark);
        IsJudgedByMetric = _trainer.Describe(options.Time.GetUtcNow(), options.Producer).Plan.IsJudgedByMetric;
    }

    public Experiment Experiment { get; }

    public string File { get; }

    public DoctorOptions Options { get; }

    /// <summary>
    /// The sick state that <i>continue</i> forks start from: the last one judged sound in its numbers.
    /// </summary>
    public TrainingState? LastSound { get; private set; }

    /// <summary>True where the accuracy on the last output alone says whether the net has learned.</summary>
    public bool IsJudgedByMetric { get; }

    /// <summary>Steps of one training as given.</summary>
    public int PlannedSteps => _trainer.PlannedSteps;

    /// <summary>What so many steps cost.</summary>
    public RepairCost CostOf(long steps) => new(steps, (double)steps / Math.Max(1, PlannedSteps));

    /// <summary>Steps of one training as the doctor runs it: the plan, or a part of it when in a hurry.</summary>
    public int FullSteps =>
        Options.IsQuick ? Math.Max(Math.Min(PlannedSteps, 50), PlannedSteps / QuickShare) : PlannedSteps;

    /// <summary>
    /// Steps of one fork: a third of the training, but enough to tell a net that learns from one that doesn't. What
    /// lies far back is learned late and all at once, so where that decides it is half.
    /// </summary>
    public int TrialSteps => IsJudgedByMetric
        ? Math.Clamp(FullSteps / 2, Math.Min(FullSteps, 150), 1000)
        : Math.Clamp(FullSteps / 3, Math.Min(FullSteps, 150), 600);

    /// <summary>The data of the experiment or of a changed one, loaded once; the patient's seed draws both.</summary>
    public DataSplits DataOf(Experiment changed) => _data.GetOrAdd(changed.Data, spec => new Lazy<DataSplits>(
        () => TaskData.Load(spec, Experiment, File))).Value;

    /// <summary>An experiment with its paths written relative to another folder.</summary>
    public Experiment For(string folder, Experiment experiment) =>
        ExperimentFile.Rebase(experiment, _baseFolder, folder);

    /// <summary>An experiment that takes all its steps: trials are compared after equally many.</summary>
    public static Experiment WithoutStop(Experiment experiment) =>
        experiment with { Training = experiment.Training with { Stop = null } };

    /// <summary>Trains as given, watched, until the verdict stands; keeps the state that it ends in.</summary>
    public Run Train(RunFolder folder, IProgress<DoctorProgress>? progress, CancellationToken cancellation)
    {
        RunHeader header = _trainer.Describe(Options.Time.GetUtcNow(), Options.Producer) with
        {
            Experiment = ExperimentFile.Write(For(folder.Path, Experiment)),
        };
        using RunWriter writer = RunWriter.Create(folder.Database, header, Options.Time);
        var recorder = new RunRecorder(header, writer);
        progress?.Report(new DoctorProgress("forecast", "forecasting", 0));
        recorder.Set(_trainer.Forecast(header.Structure));
        var loop = new LoopOptions
        {
            LastStep = FullSteps,
            IsSettled = run => Diagnostician.IsSettled(run),
            Judged = sound => LastSound = sound.Capture(),
            Time = Options.Time,
        };
        Run run = TrainingLoop.Run(
            _trainer, recorder, loop, Told(progress, "training", "training as given", FullSteps), cancellation);
        Checkpoints.Save(folder.Checkpoint, _trainer.Capture());
        return run;
    }

    /// <summary>Turns a training's progress into a stage's.</summary>
    public static IProgress<TrainingProgress>? Told(
        IProgress<DoctorProgress>? progress, string stage, string label, int steps) =>
        progress is null
            ? null
            : new Relay(p => progress.Report(
                new DoctorProgress(stage, label, (double)p.Step / (p.IsPretraining ? p.Steps : steps))));

    private sealed class Relay(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
