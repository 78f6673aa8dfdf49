using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">The step that the loop stops at, at the latest.</param>
/// <param name="Loss">The loss of the last step.</param>
/// <param name="Metric">The metric of the last step; null if there is none.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss, double? Metric)
{
    /// <summary>True of the phase before the first step, whose steps are counted on their own.</summary>
    public bool IsPretraining { get; init; }
}

/// <summary>What a training loop is asked to do beside taking steps.</summary>
public sealed record LoopOptions
{
    /// <summary>How closely to watch; null trains unwatched.</summary>
    public WatchOptions? Watch { get; init; } = new();

    /// <summary>The step to stop at, be it before or beyond the plan; null for the plan.</summary>
    public int? LastStep { get; init; }

    /// <summary>Steps of pre-training; null for the plan.</summary>
    public int? PretrainingSteps { get; init; }

    /// <summary>
    /// Asked now and then whether more training would change nothing, so that it may stop; null never stops early.
    /// </summary>
    public Func<Run, bool>? IsSettled { get; init; }

    /// <summary>Whether the net is judged on validation data along the way too, or at the end alone.</summary>
    public bool IsJudgedAlong { get; init; } = true;

    /// <summary>Told each time the net has been judged on validation data and is sound; null for nobody.</summary>
    public Action<Trainer>? Judged { get; init; }

    /// <summary>
    /// The state that a training goes on from, whose trainer is at its start: the watch sees the initial weights first,
    /// and is then told of the rest as if unbroken. It may lie within the pre-training, which then goes on. Null goes
    /// on from where the trainer is.
    /// </summary>
    public TrainingState? From { get; init; }

    /// <summary>
    /// How the part before ended, of a training that goes on; null where that isn't known, as it was killed.
    /// </summary>
    public RunEnd? Before { get; init; }

    /// <summary>
    /// Where the state is kept for a resume (<see cref="Checkpoints"/>): at the end, however it comes, where the net is
    /// judged along the way and in a pre-training, as long as that takes no more than a tenth of the time; null for
    /// nowhere.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>
    /// Where the weights that the training begins with are kept, if another training or a pre-training gave some of
    /// them, so that a resume doesn't need either; null for nowhere.
    /// </summary>
    public string? Start { get; init; }

    /// <summary>Where the time is read, for the record of how long it took.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the net is judged on test data at the end.</summary>
    public bool IsTested { get; init; } = true;

    /// <summary>The end of what took so long since its start and in the parts before.</summary>
    internal RunEnd EndOf(string reason, long start, NetWatch? watch = null, int? bestStep = null)
    {
        double seconds = Time.GetElapsedTime(start).TotalSeconds + (Before?.Seconds ?? 0);
        double watched = (watch?.Spent.TotalSeconds ?? 0) + (Before?.WatchShare * Before?.Seconds ?? 0);
        bool isWatched = watch is not null || Before?.WatchShare is not null;
        int? timedFrom = Before is null ? From is { Pretraining: null } ? From.Step : null : Before.TimedFrom;
        return new RunEnd(reason, seconds, isWatched && seconds > 0 ? watched / seconds : null, bestStep, timedFrom);
    }
}

/// <summary>
/// Trains and records until the plan is done, the verdict stands, the validation loss stops improving where the
/// experiment says so, the numbers break, or the user stops it.
/// </summary>
public static class TrainingLoop
{
    /// <summary>How often the net is judged along the way, and once an epoch at least.</summary>
    private const int Judgements = 20;

    /// <summary>Takes the remaining steps of a training.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="options">What to do beside taking steps.</param>
    /// <param name="progress">Told after every step; null for nobody.</param>
    /// <param name="cancellation">The user's wish to stop; what was recorded is kept.</param>
    /// <returns>The run as recorded, its end included.</returns>
    public static Run Run(
        Trainer trainer, RunRecorder recorder, LoopOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(recorder);
        options ??= new LoopOptions();
        long start = options.Time.GetTimestamp();
        RegularCheckpoint? checkpoint = options.Checkpoint is { } path ? new(path, options.Time) : null;
        if (!Begin(trainer, recorder, options, checkpoint, progress, cancellation))
        {
            checkpoint?.Save(trainer, recorder);
            recorder.Set(options.EndOf("interrupted", start));
            return recorder.Current;
        }
        NetWatch? watch = options.Watch is null
            ? null
            : new NetWatch(
                trainer.Model.Net, recorder.Current.Header.Structure, trainer.Experiment.Training.SamplesPerStep,
                options.Watch);
        trainer.Watch = watch;
        if (options.From is { Pretraining: null } state) trainer.Restore(state);
        string reason = TakeSteps(trainer, recorder, options, checkpoint, progress, cancellation);
        bool isEarly = reason == "early-stop";
        if (isEarly) trainer.GoBackToBest();
        if (reason != "interrupted") EvaluateAtEnd(trainer, recorder, options);
        checkpoint?.Save(trainer, recorder);
        recorder.Set(options.EndOf(reason, start, watch, isEarly ? trainer.BestStep : null));
        return recorder.Current;
    }

    /// <summary>
    /// Sees to the weights that the training begins with; false where the user stopped its pre-training.
    /// </summary>
    private static bool Begin(
        Trainer trainer, RunRecorder recorder, LoopOptions options, RegularCheckpoint? checkpoint,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (options.From is { Pretraining: null }) return true;
        if (options.From is { } state) trainer.Restore(state);
        else if (trainer.Experiment.Training.StartFrom is not null) KeepStart();
        if (trainer.PretrainingSteps == 0) return true;
        var kept = new KeptProgress(trainer, recorder, checkpoint, progress);
        int before = options.PretrainingSteps ?? trainer.PretrainingSteps;
        int interval = options.IsJudgedAlong ? Math.Max(1, before / Judgements) : int.MaxValue;
        if (!trainer.Pretrain(before, recorder.Add, interval, kept, cancellation)) return false;
        KeepStart();
        return true;

        void KeepStart()
        {
            if (options.Start is { } place) Checkpoints.Save(place, trainer.Capture() with { Pretraining = null });
        }
    }

    private static string TakeSteps(
        Trainer trainer, RunRecorder recorder, LoopOptions options, RegularCheckpoint? checkpoint,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        int last = options.LastStep ?? trainer.PlannedSteps, first = options.From is null ? trainer.Step : 0;
        int interval = options.IsJudgedAlong
            ? Math.Max(1, Math.Min(trainer.StepsPerEpoch, (last - first) / Judgements))
            : int.MaxValue;
        bool isAtStart = options.From is null or { Pretraining: not null };
        if (isAtStart && (options.IsJudgedAlong || trainer.Step >= last)) Judge(trainer, recorder, options);
        if (trainer.PretrainedSteps > 0) checkpoint?.Save(trainer, recorder);
        while (trainer.Step < last && !trainer.HasStopped)
        {
            if (cancellation.IsCancellationRequested) return "interrupted";
            StepRecord taken = TakeStep(trainer, recorder, last, progress);
            if (trainer.IsBroken) return "non-finite";
            if (trainer.Step % interval != 0 && trainer.Step != last) continue;
            Judge(trainer, recorder, options);
            if (trainer.Step < last) checkpoint?.SaveInTime(trainer, recorder);
            // A training that skips or undoes such steps isn't over with one.
            bool goesOn = trainer.Step < last && double.IsFinite(taken.Loss);
            if (goesOn && options.IsSettled?.Invoke(recorder.Current) == true) return "verdict";
        }
        return trainer.HasStopped ? "early-stop" : "completed";
    }

    private static void Judge(Trainer trainer, RunRecorder recorder, LoopOptions options)
    {
        Evaluation evaluation = trainer.EvaluateValidation();
        recorder.Add(evaluation);
        if (double.IsFinite(evaluation.Loss)) options.Judged?.Invoke(trainer);
    }

    private static StepRecord TakeStep(
        Trainer trainer, RunRecorder recorder, int last, IProgress<TrainingProgress>? progress)
    {
        (StepRecord record, Frame? frame) = trainer.Advance();
        recorder.Add(record);
        if (frame is not null) recorder.Add(frame);
        if (trainer.NonFinite is { } origin && recorder.Current.NonFinite is null) recorder.Set(origin);
        progress?.Report(new TrainingProgress(trainer.Step, last, record.Loss, record.Metric));
        return record;
    }

    private static void EvaluateAtEnd(Trainer trainer, RunRecorder recorder, LoopOptions options)
    {
        if (trainer.IsBroken || trainer.HasStopped) recorder.Add(trainer.EvaluateValidation());
        if (!options.IsTested) return;
        if (trainer.EvaluateTest() is { } test) recorder.Add(test);
        if (trainer.EvaluateFreeRun() is { } freeRun) recorder.Add(freeRun);
        if (trainer.EvaluateByLength() is { } lengths) recorder.Set(lengths);
        if (trainer.MeasureOrder() is { } order) recorder.Set(order);
    }

    /// <summary>Keeps the state of a pre-training from step to step.</summary>
    private sealed class KeptProgress(
        Trainer trainer, RunRecorder recorder, RegularCheckpoint? checkpoint, IProgress<TrainingProgress>? progress)
        : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            checkpoint?.SaveInTime(trainer, recorder);
            progress?.Report(value);
        }
    }
}
