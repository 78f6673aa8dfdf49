using GradFlow.Experiments;
using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Runs forks of the patient's training, several at once, each on its own.</summary>
internal sealed class ForkRunner(Patient patient, CancellationToken cancellation)
{
    private const int CurvePoints = 60;

    /// <summary>Runs every candidate with every seed; the order of the results is that of the candidates.</summary>
    public IReadOnlyList<Trial> RunAll(
        IReadOnlyList<Candidate> candidates, IReadOnlyList<int> seeds, Action<Trial> done)
    {
        var jobs = candidates.SelectMany(c => seeds.Select(seed => (Candidate: c, Seed: seed))).ToList();
        var trials = new Trial[jobs.Count];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = patient.Options.Parallelism,
            CancellationToken = cancellation,
        };
        Parallel.For(0, jobs.Count, parallel, i =>
        {
            trials[i] = Run(jobs[i].Candidate, jobs[i].Seed);
            lock (trials) done(trials[i]);
        });
        return trials;
    }

    private Trial Run(Candidate candidate, int seed)
    {
        Experiment experiment = Patient.WithoutStop(candidate.Experiment) with { Seed = seed };
        var trainer = new Trainer(experiment, patient.DataOf(candidate.Experiment), patient.File);
        if (candidate.Kind == ForkKind.Continue && patient.LastSound is { } state)
            trainer.Restore(state, experiment.Optimizer.EntryName == patient.Experiment.Optimizer.EntryName);
        int start = trainer.Step;
        (int before, int steps) = Phases.Of(trainer, patient.TrialSteps);
        var recorder = new RunRecorder(trainer.Describe(patient.Options.Time.GetUtcNow(), patient.Options.Producer));
        var loop = new LoopOptions
        {
            LastStep = start + steps,
            PretrainingSteps = before,
            Watch = null,
            IsJudgedAlong = false,
            IsTested = false,
            Time = patient.Options.Time,
        };
        Run run = TrainingLoop.Run(trainer, recorder, loop, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Evaluation end = run.Evaluations[^1];
        int taken = trainer.PretrainedSteps + trainer.Step - start;
        bool isBroken = trainer.IsBroken;
        (int[] curveSteps, double[] curveLoss) = Curve(run.Steps);
        return new Trial(
            candidate.Name, candidate.Kind == ForkKind.Continue ? "continue" : "restart", seed, taken,
            isBroken ? double.NaN : end.Loss, end.Metric, curveSteps, curveLoss,
            SlopeAtEnd(trainer, run.Header.Structure), candidate.Role);
    }

    /// <summary>The training loss in bins of equal length, each bin's mean at its last step.</summary>
    private static (int[] Steps, double[] Loss) Curve(IReadOnlyList<StepRecord> records)
    {
        int width = Math.Max(1, (int)Math.Ceiling(records.Count / (double)CurvePoints));
        StepRecord[][] bins = records.Chunk(width).ToArray();
        return ([.. bins.Select(bin => bin[^1].Step)], [.. bins.Select(bin => bin.Average(step => step.Loss))]);
    }

    /// <summary>
    /// Takes one more step, the only one watched: a fork is for what it comes to, and watching costs time.
    /// </summary>
    private static double? SlopeAtEnd(Trainer trainer, RunStructure structure)
    {
        if (trainer.IsBroken) return null;
        var everyStep = new WatchOptions { Budget = 1, MaxInterval = 1 };
        trainer.Watch = new NetWatch(trainer.Model.Net, structure, trainer.Experiment.Training.Batch, everyStep);
        double? slope = DepthProfile.DecadesPerLayer(structure.Cuts, trainer.Advance().Frame?.CutNorms);
        return slope is { } value && double.IsFinite(value) ? slope : null;
    }
}
