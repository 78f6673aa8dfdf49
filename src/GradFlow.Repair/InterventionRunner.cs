using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Confirms a finding's cause: changes that one thing, and measures the symptom again.</summary>
internal sealed class InterventionRunner(Patient patient, Ranking ranking, CancellationToken cancellation)
{
    /// <summary>A cause is confirmed where changing it alone takes away at least this share of the symptom.</summary>
    private const double ConfirmingShare = 0.5;

    private const string Slope = "decadesPerLayer", Saturated = "saturatedShare", Dead = "deadShare", ValidationLoss = "validationLoss";

    /// <summary>Makes the interventions on the finding's cause in turn, until one confirms it.</summary>
    public Confirmation Confirm(Finding finding)
    {
        string quantity = QuantityOf(finding);
        Confirmation? last = null;
        foreach (Intervention intervention in InterventionCatalogue.All.Where(i => i.Cause == finding.Cause))
        {
            if (last?.Status == "confirmed") break;
            if (intervention.Apply(patient.Experiment) is not { } changed) continue;
            double? before = last?.Before ?? Measure(patient.Experiment, quantity), after = Measure(changed, quantity);
            if (before is not { } b || after is not { } a) return FromTrials(finding);
            bool isConfirmed = quantity == ValidationLoss ? IsLower(a, b) : a * Math.Sign(b) <= (1 - ConfirmingShare) * Math.Abs(b);
            last = new Confirmation(isConfirmed ? "confirmed" : "refuted", intervention.Description, quantity, b, a);
        }
        return last ?? FromTrials(finding);
    }

    private static string QuantityOf(Finding finding) => finding.Rule switch
    {
        RuleIds.SaturatedUnits => Saturated,
        RuleIds.DeadUnits => Dead,
        _ when finding.Cause is CauseIds.LearningRate or CauseIds.LossOrOutput or CauseIds.DataScale => ValidationLoss,
        _ => Slope,
    };

    /// <summary>A number that isn't finite is worse than any; else 2 % of the loss must be gained.</summary>
    private static bool IsLower(double after, double before) =>
        double.IsFinite(after) && (!double.IsFinite(before) || after < 0.98 * before);

    private double? Measure(Experiment experiment, string quantity)
    {
        var trainer = new Trainer(experiment, patient.DataOf(experiment), patient.File);
        int steps = quantity switch
        {
            Dead => trainer.StepsPerEpoch + 1,
            ValidationLoss => Math.Clamp(patient.FullSteps / 3, Math.Min(patient.FullSteps, 150), 600),
            _ => 1,
        };
        var recorder = new RunRecorder(trainer.Describe(patient.Options.Time.GetUtcNow(), patient.Options.Producer));
        var loop = new LoopOptions { LastStep = steps, IsTested = false, Time = patient.Options.Time };
        Run run = TrainingLoop.Run(trainer, recorder, loop, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return quantity switch
        {
            ValidationLoss => trainer.IsBroken ? double.PositiveInfinity : run.Evaluations[^1].Loss,
            Saturated => Largest(run.Frames[0].Forward?.SaturatedShare),
            Dead => Largest(run.Frames[^1].Forward?.DeadShare),
            _ => DepthProfile.DecadesPerLayer(run.Header.Structure.Cuts, run.Frames[0].CutNorms),
        };
    }

    private static double? Largest(IReadOnlyList<double?>? values) => values?.Max();

    /// <summary>Where a cause has no intervention of its own, a trial of a remedy for it is the nearest thing.</summary>
    private Confirmation FromTrials(Finding finding)
    {
        double? Best(Func<Trial, bool> which) => ranking.Trials.Where(which)
            .Select(trial => (double?)(double.IsNaN(trial.Loss) ? double.PositiveInfinity : trial.Loss)).Min();
        string? remedy = finding.Remedies.FirstOrDefault(id => ranking.Trials.Any(trial => trial.Remedy == id));
        if (remedy is null || Best(t => t.Role == Candidate.Control) is not { } before || Best(t => t.Remedy == remedy) is not { } after)
            return Confirmation.Unconfirmed;
        return new Confirmation(
            IsLower(after, before) ? "confirmed" : "unconfirmed", $"tried {remedy} on a fork", ValidationLoss, before, after);
    }
}
