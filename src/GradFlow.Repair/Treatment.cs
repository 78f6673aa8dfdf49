using System.Globalization;
using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>A sick training's way from the trials to the verified repair and the confirmed cause.</summary>
internal sealed class Treatment(
    Patient patient, Run run, RunFolder folder, IProgress<DoctorProgress>? progress, CancellationToken cancellation,
    int stepsBefore = 0)
{
    /// <summary>How many of the best are run in full before giving up.</summary>
    private const int MostVerified = 3;

    private readonly List<(Candidate Candidate, Run Run)> _verified = [];
    private long _steps;

    public DoctorResult Carry()
    {
        Candidate? chosen = null;
        Run? repaired = null;
        try
        {
            var trials = new Trials(patient, run, progress, cancellation);
            trials.RunAll();
            _steps = stepsBefore + trials.Ranking.Trials.Sum(trial => (long)trial.Steps);
            (chosen, repaired) = Verify(trials.Ranking.ToVerify(MostVerified));
            run = run with { Repair = Result(chosen, repaired, trials.Ranking) };
            run = run with { Diagnosis = Confirm(run.Diagnosis!, trials.Ranking) };
        }
        catch (OperationCanceledException)
        {
            if (run.Repair is null) Discard(folder.Repaired);
            run = run with { End = run.End! with { Reason = "interrupted" } };
        }
        Doctor.Save(folder, run);
        return new DoctorResult(run, repaired, chosen?.Experiment);
    }

    /// <summary>
    /// What a training that needs no repair, or whose evidence is too thin for one, is reported with.
    /// </summary>
    public static RepairResult NotNeeded(Patient patient, Run run, int steps) => new(
        "not-needed", [], [], Outcome.Of(run), null, [], null, patient.CostOf(steps),
        run.Diagnosis!.Verdict.Kind == VerdictKind.Healthy
            ? "Nothing to repair."
            : $"Nothing was tried on {patient.Experiment.Name}: the evidence is too thin.");

    /// <summary>
    /// Runs the best in full, one after the other, until one is healthy and better than what was given.
    /// </summary>
    private (Candidate?, Run?) Verify(IEnumerable<Candidate> promising)
    {
        foreach (Candidate candidate in promising)
        {
            Run repaired = TrainInFull(candidate);
            cancellation.ThrowIfCancellationRequested();
            _verified.Add((candidate, repaired));
            if (!Verification.IsRepair(run, repaired)) continue;
            File.WriteAllText(
                folder.RepairedExperiment, ExperimentFile.Write(patient.For(folder.Path, candidate.Experiment)));
            return (candidate, repaired);
        }
        Discard(folder.Repaired);
        return (null, null);
    }

    private Run TrainInFull(Candidate candidate)
    {
        RunFolder place = folder.Repaired;
        Discard(place);
        Directory.CreateDirectory(place.Path);
        Experiment experiment = candidate.Experiment;
        string yaml = ExperimentFile.Write(patient.For(place.Path, experiment));
        File.WriteAllText(place.Experiment, yaml);
        var trainer = new Trainer(experiment, patient.DataOf(experiment), patient.File);
        RunHeader header = trainer.Describe(
            patient.Options.Time.GetUtcNow(), patient.Options.Producer) with
        { Experiment = yaml };
        using RunWriter writer = RunWriter.Create(place.Database, header, patient.Options.Time);
        var recorder = new RunRecorder(header, writer);
        recorder.Set(trainer.Forecast(header.Structure));
        (int before, int steps) = patient.Options.IsQuick
            ? Phases.Of(trainer, patient.FullSteps)
            : (trainer.PretrainingSteps, trainer.PlannedSteps);
        var loop = new LoopOptions { LastStep = steps, PretrainingSteps = before, Time = patient.Options.Time };
        Run repaired = TrainingLoop.Run(
            trainer, recorder, loop,
            Patient.Told(progress, "verification", candidate.Name, steps), cancellation);
        _steps += trainer.PretrainedSteps + trainer.Step;
        repaired = repaired with { Diagnosis = Diagnostician.Judge(repaired) };
        writer.Set(repaired.Diagnosis);
        Checkpoints.Save(place.Checkpoint, trainer.Capture());
        return repaired;
    }

    private static void Discard(RunFolder place)
    {
        if (Directory.Exists(place.Path)) Directory.Delete(place.Path, recursive: true);
    }

    private DiagnosisResult Confirm(DiagnosisResult diagnosis, Ranking ranking)
    {
        var interventions = new InterventionRunner(patient, ranking, cancellation);
        var findings = new List<Finding>();
        foreach (Finding finding in diagnosis.Findings)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(
                new DoctorProgress("confirmation", finding.Rule, (double)findings.Count / diagnosis.Findings.Count));
            findings.Add(finding.Severity == Severity.Info
                ? finding
                : finding with { Confirmation = finding.Confirmation ?? interventions.Confirm(finding) });
        }
        return diagnosis with
        {
            Findings = findings,
            Verdict = ConfirmedVerdict.Of(
                diagnosis.Verdict, findings, run.Repair?.Status == "repaired", run.Steps.Count, Promising(ranking)),
        };
    }

    private RepairResult Result(Candidate? chosen, Run? repaired, Ranking ranking)
    {
        Outcome before = Outcome.Of(run);
        RepairCost cost = patient.CostOf(_steps);
        List<Trial> trials = ranking.Trials.ToList();
        string? clipping = ClippingAlone.InWords(
            run, trials, patient.DataOf(patient.Experiment).Validation.Count);
        string note = clipping is null ? "" : " " + clipping;
        if (chosen is null || repaired is null)
            return new RepairResult(
                "failed", [], [], before, null, trials, null, cost,
                $"No remedy that was tried repairs this training{Reached(ranking)}.{note}");
        Outcome after = Outcome.Of(repaired);
        string[] remedies = chosen.Remedies.Select(remedy => remedy.Id).Distinct().ToArray();
        return new RepairResult(
            "repaired", remedies, ExperimentDiff.Between(patient.Experiment, chosen.Experiment).Changes, before, after,
            trials, Path.GetFileName(folder.RepairedExperiment), cost,
            $"Repaired with {chosen.Told}: {InWords(before, after)}.{note}", chosen.Name);
    }

    /// <summary>What did best in short trials, and why it isn't kept; null where nothing worked.</summary>
    private string? Promising(Ranking ranking)
    {
        if (_verified is not [(var best, var full), ..]) return null;
        string fork = ranking.MetricOf(best) is { } metric ? $" ({InWords(metric)})" : "";
        VerdictKind judged = full.Diagnosis!.Verdict.Kind;
        string why = judged == VerdictKind.Healthy
            ? "too little better than as given"
            : $"judged {judged.ToString().ToLowerInvariant()}";
        return $"{char.ToUpperInvariant(best.Told[0])}{best.Told[1..]} did best in short trials{fork}, but run in full "
            + $"from the start it comes to {InWords(Outcome.Of(full))} and is {why}";
    }

    /// <summary>What those came to that promised most, run in full; empty where none promised enough.</summary>
    private string Reached(Ranking ranking) => string.Concat(_verified.Select((verified, i) =>
    {
        Outcome reached = Outcome.Of(verified.Run);
        string fork = verified.Candidate.Kind == ForkKind.Continue && ranking.MetricOf(verified.Candidate) is { } metric
            ? $" ({InWords(metric)} in a trial that went on from the sick state)"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(i == 0 ? ": run in full from the start, " : "; ")}{verified.Candidate.Told} comes to "
            + $"{InWords(reached)} after {reached.Steps:N0} steps{fork}");
    })) + (_verified.Count > 0 ? $"; as given it comes to {InWords(Outcome.Of(run))}" : "");

    /// <summary>What the repair did; where the two ran for different numbers of steps, with these.</summary>
    private string InWords(Outcome before, Outcome after) => before.Steps == after.Steps
        ? $"{InWords(before)} → {InWords(after)}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{InWords(before)} after {before.Steps:N0} steps → {InWords(after)} after {after.Steps:N0}");

    private string InWords(Outcome outcome) => outcome switch
    {
        { IsFinite: false } => "NaN",
        { TestMetric: { } metric } => InWords(metric),
        { Metric: { } metric } => InWords(metric),
        _ => "loss " + Diagnosis.InWords.Number(outcome.Loss),
    };

    private string InWords(double metric) => run.Header.Plan.MetricName == MetricNames.Nrmse
        ? $"{MetricNames.Nrmse} {Diagnosis.InWords.Number(metric)}"
        : metric.ToString("0.0 %", CultureInfo.InvariantCulture);
}
