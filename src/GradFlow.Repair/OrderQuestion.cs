using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Whether the order of time steps is what a net lacks that doesn't see it: answered by the same training with
/// positions, before the verdict stands.
/// </summary>
internal sealed class OrderQuestion(Patient patient, CancellationToken cancellation)
{
    /// <summary>Of what is left to learn, the share that positions must take off to be what it lacked.</summary>
    private const double LeastGain = 0.1;

    /// <summary>Standard errors of the accuracy by which they must.</summary>
    private const double StandardErrors = 3;

    private const string NoFurther =
        ". It does not see the order of the time steps, and trained with positions it comes no further.";

    /// <summary>Training steps that the answer took; 0 where it wasn't asked.</summary>
    public int Steps { get; private set; }

    /// <summary>True of a diagnosis that leaves it open.</summary>
    public static bool IsOpen(DiagnosisResult diagnosis) =>
        diagnosis.Verdict.Kind == VerdictKind.Inconclusive && diagnosis.Findings.Any(IsOpen);

    /// <summary>
    /// The diagnosis with its answer: sick of it where a net that sees the order comes clearly further, else what it
    /// would be without the question. As it was where positions can't be put in; null where the user stopped it.
    /// </summary>
    public DiagnosisResult? Answer(Run run, DiagnosisResult diagnosis)
    {
        if (new AddPositions().Apply(patient.Experiment) is not { } placed) return diagnosis;
        Evaluation before = run.Evaluations.Last(evaluation => evaluation.Split == "validation");
        if (Train(placed) is not { } after) return null;
        bool isAccuracy = run.Header.Plan.MetricName == MetricNames.Accuracy && before.Metric is not null;
        bool isBetter = isAccuracy ? IsMoreAccurate(before, after) : after.Loss < (1 - LeastGain) * before.Loss;
        var answer = new Confirmation(
            isBetter ? "confirmed" : "refuted",
            isBetter ? "trained with positions" : "trained with positions, which teaches it no more",
            Symptom.Learning(isAccuracy).Quantity,
            isAccuracy ? before.Metric : before.Loss, isAccuracy ? after.Metric : after.Loss);
        Severity severity = isBetter ? Severity.Critical : Severity.Info;
        List<Finding> findings = [.. diagnosis.Findings
            .Select(finding => IsOpen(finding)
                ? finding with { Severity = severity, Confirmation = answer }
                : finding)
            .OrderByDescending(finding => finding.Severity)];
        Verdict verdict = Diagnostician.Weigh(run, findings);
        return diagnosis with
        {
            Findings = findings,
            Verdict = isBetter ? verdict : verdict with { Sentence = verdict.Sentence.TrimEnd('.') + NoFurther },
        };
    }

    private static bool IsOpen(Finding finding) =>
        finding is { Rule: RuleIds.OrderBlindness, Severity: Severity.Warning };

    private static bool IsMoreAccurate(Evaluation before, Evaluation after)
    {
        double left = 1 - before.Metric!.Value;
        double error = Math.Sqrt(left * (1 - left) / Math.Max(1, before.Samples));
        return after.Metric - before.Metric > Math.Max(LeastGain * left, StandardErrors * error);
    }

    /// <summary>How the validation data are told after a training in full; null where the user stopped it.</summary>
    private Evaluation? Train(Experiment experiment)
    {
        var trainer = new Trainer(experiment, patient.DataOf(experiment), patient.File);
        var recorder = new RunRecorder(trainer.Describe(patient.Options.Time.GetUtcNow(), patient.Options.Producer));
        var loop = new LoopOptions
        {
            LastStep = patient.FullSteps,
            Watch = null,
            IsJudgedAlong = false,
            IsTested = false,
            Time = patient.Options.Time,
        };
        Run run = TrainingLoop.Run(trainer, recorder, loop, null, cancellation);
        Steps = trainer.Step;
        return run.End?.Reason == "interrupted" ? null : run.Evaluations[^1];
    }
}
