using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// The main job: forecasts, trains watched until the verdict stands, diagnoses, tries remedies on forks beside
/// controls, verifies the best in full, and confirms the cause by changing it alone.
/// </summary>
/// <param name="options">How thorough to be.</param>
public sealed class Doctor(DoctorOptions options)
{
    /// <summary>Treats an experiment, and writes everything but the report into a run folder.</summary>
    /// <param name="experiment">The training as given.</param>
    /// <param name="file">Its file: named in errors, and paths in the experiment are relative to its folder.</param>
    /// <param name="folder">Where the run, the repaired experiment and the weights go.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="cancellation">The user's wish to stop; what was recorded is kept.</param>
    /// <exception cref="InvalidExperimentException">The data, or layers, loss and data together, are bad.</exception>
    public DoctorResult Treat(
        Experiment experiment, string file, RunFolder folder,
        IProgress<DoctorProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(folder);
        var patient = new Patient(experiment, file, options);
        File.WriteAllText(folder.Experiment, ExperimentFile.Write(patient.For(folder.Path, experiment)));
        Run run = patient.Train(folder, progress, cancellation);
        if (run.End?.Reason == "interrupted") return new DoctorResult(run, null, null);

        DiagnosisResult diagnosis = Diagnostician.Judge(run);
        run = run with { Diagnosis = diagnosis };
        Save(folder, run);
        var question = new OrderQuestion(patient, cancellation);
        if (OrderQuestion.IsOpen(diagnosis))
        {
            progress?.Report(new DoctorProgress("confirmation", RuleIds.OrderBlindness, 0));
            if (question.Answer(run, diagnosis) is not { } answered)
                return new DoctorResult(run with { End = run.End! with { Reason = "interrupted" } }, null, null);
            diagnosis = answered;
            run = run with { Diagnosis = diagnosis };
            Save(folder, run);
        }
        if (diagnosis.Verdict.Kind != VerdictKind.Sick)
        {
            run = run with { Repair = Treatment.NotNeeded(patient, run, question.Steps) };
            Save(folder, run);
            return new DoctorResult(run, null, null);
        }
        return new Treatment(patient, run, folder, progress, cancellation, question.Steps).Carry();
    }

    internal static void Save(RunFolder folder, Run run)
    {
        using RunWriter writer = RunWriter.Open(folder.Database);
        if (run.Diagnosis is not null) writer.Set(run.Diagnosis);
        if (run.Repair is not null) writer.Set(run.Repair);
    }
}

/// <summary>How thorough to be.</summary>
public sealed record DoctorOptions
{
    /// <summary>
    /// True answers in about a quarter of the time: fewer steps and one seed per trial, with the same rules.
    /// </summary>
    public bool IsQuick { get; init; }

    /// <summary>What is recorded as the run's writer, with version.</summary>
    public string Producer { get; init; } = "gradflow";

    /// <summary>
    /// Told before the training what of the experiment has no effect, a line each that names file and line; null for
    /// nobody.
    /// </summary>
    public Action<string>? Remarked { get; init; }

    /// <summary>Where the time is read.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How many forks run at once; the results are the same for any number.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}

/// <summary>What the doctor found and did.</summary>
/// <param name="Run">The training as given, with diagnosis and repair.</param>
/// <param name="Repaired">The verified repaired training; null unless one was verified.</param>
/// <param name="RepairedExperiment">What it trained; null unless one was verified.</param>
public sealed record DoctorResult(Run Run, Run? Repaired, Experiment? RepairedExperiment);

/// <summary>How far the doctor is.</summary>
/// <param name="Stage">
/// <c>forecast</c>, <c>pre-training</c>, <c>training</c>, <c>trials</c>, <c>verification</c> or <c>confirmation</c>.
/// </param>
/// <param name="Label">What is being done, in words.</param>
/// <param name="Fraction">How much of the stage is done, from 0 to 1.</param>
public sealed record DoctorProgress(string Stage, string Label, double Fraction)
{
    /// <summary>The loss of the last step; null where none stands for the stage.</summary>
    public double? Loss { get; init; }
}
