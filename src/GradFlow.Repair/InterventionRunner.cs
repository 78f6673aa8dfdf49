using GradFlow.Experiments;
using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Confirms a finding's cause: changes that one thing, and measures the symptom again.</summary>
internal sealed class InterventionRunner(Patient patient, Ranking ranking, CancellationToken cancellation)
{
    /// <summary>Findings of one training share causes and symptoms; none is measured twice.</summary>
    private readonly Dictionary<(Experiment, Symptom), Measurement?> _measured = [];

    /// <summary>
    /// Makes the interventions on the finding's cause in turn, until one confirms it; what is reported of several that
    /// don't is the first.
    /// </summary>
    public Confirmation Confirm(Finding finding)
    {
        Symptom symptom = Symptom.Of(finding, patient.IsJudgedByMetric);
        Confirmation? refuted = null;
        foreach (Intervention intervention in InterventionCatalogue.All.Where(i => i.Cause == finding.Cause))
        {
            if (intervention is ChangeRate rate && rate.GoesAgainst(finding.Remedies)) continue;
            // A penalty is another matter than an output that does not fit the loss, and shares its cause.
            if (intervention is TakeOffPenalties && !finding.Remedies.Contains("drop-penalty")) continue;
            if (intervention is TakeOffDecay && !finding.Remedies.Contains("drop-decay")) continue;
            if (intervention.Apply(patient.Experiment) is not { } changed || changed == patient.Experiment) continue;
            if (Measure(patient.Experiment, symptom) is not { } given || Measure(changed, symptom) is not { } after)
                break;
            Confirmation made = after.Against(symptom, intervention.Description, given);
            if (made.Status == "confirmed") return made;
            refuted ??= made;
        }
        return refuted ?? FromTrials(finding);
    }

    private Measurement? Measure(Experiment experiment, Symptom symptom)
    {
        if (_measured.TryGetValue((experiment, symptom), out Measurement? known)) return known;
        var watch = new WatchOptions(MaxInterval: 16);
        var trainer = new Trainer(Patient.WithoutStop(experiment), patient.DataOf(experiment), patient.File);
        var recorder = new RunRecorder(trainer.Describe(patient.Options.Time.GetUtcNow(), patient.Options.Producer));
        var loop = new LoopOptions
        {
            LastStep = symptom.Stretch switch
            {
                Stretch.Start => 1,
                // What dies in the first epoch is silent for all of the second.
                Stretch.Epoch => 2 * trainer.StepsPerEpoch + watch.MaxInterval,
                _ => patient.TrialSteps,
            },
            Watch = symptom.Stretch == Stretch.Trial ? null : watch,
            IsJudgedAlong = false,
            IsTested = false,
            Time = patient.Options.Time,
        };
        Run run = TrainingLoop.Run(trainer, recorder, loop, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return _measured[(experiment, symptom)] = Measurement.Of(symptom, run);
    }

    /// <summary>
    /// Where a cause has no intervention of its own, a trial of a remedy for it is the nearest thing: it confirms where
    /// the remedy works, as trials are judged.
    /// </summary>
    private Confirmation FromTrials(Finding finding)
    {
        string? remedy = finding.Remedies.FirstOrDefault(id => ranking.Trials.Any(trial => trial.Remedy == id));
        if (remedy is null || Best(t => t.Role == Candidate.Control) is not { } before
            || Best(t => t.Remedy == remedy) is not { } after)
            return Confirmation.Unconfirmed;
        return new Confirmation(
            ranking.Working().Any(candidate => candidate.Name == remedy) ? "confirmed" : "unconfirmed",
            $"tried {remedy} on a fork", Symptom.Learning(isJudgedByMetric: false).Quantity, before, after);
    }

    private double? Best(Func<Trial, bool> which) => ranking.Trials.Where(which)
        .Select(trial => (double?)(double.IsNaN(trial.Loss) ? double.PositiveInfinity : trial.Loss)).Min();
}
