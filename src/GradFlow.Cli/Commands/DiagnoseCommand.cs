using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Diagnosis;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>Judges a recorded run.</summary>
internal sealed class DiagnoseCommand : Verb
{
    public DiagnoseCommand()
        : base("diagnose", "Judge a recorded run, ours or another framework's.", Inputs.RecordedRun())
    {
    }

    public override string Note =>
        "It judges the training that was recorded: one that doctor has repaired is sick as it was given, "
        + "and ends in 1.";

    public override string Example => "gradflow diagnose runs/20260102-030405-deep-sigmoid";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        RecordedRun recorded = RecordedRun.Load(arguments.GetRequiredValue(Input));
        DiagnosisResult diagnosis = Judge(recorded.Run);
        recorded.Store(diagnosis);
        Run run = recorded.Run with { Diagnosis = diagnosis };
        string? report = File.Exists(recorded.Report) ? recorded.Report : null;
        Answer(
            arguments, terminal, () => DoctorAnswer.Of(run, recorded.Path, report),
            people => DiagnoseFigure.Write(people, run, diagnosis));
        return diagnosis.Verdict.Kind switch
        {
            VerdictKind.Healthy => ExitCode.Done,
            VerdictKind.Sick => ExitCode.Sick,
            _ => ExitCode.Inconclusive,
        };
    }

    /// <summary>Judges anew, and keeps what interventions have confirmed of the same findings before.</summary>
    private static DiagnosisResult Judge(Run run)
    {
        DiagnosisResult judged = Diagnostician.Judge(run);
        IReadOnlyList<Finding> known = run.Diagnosis?.Findings ?? [];
        return judged with
        {
            Verdict = WithConfirmation(judged, run.Diagnosis),
            Findings = [.. judged.Findings.Select(finding => finding with
            {
                Confirmation = known.FirstOrDefault(old => IsSame(old, finding))?.Confirmation
                    ?? Confirmation.Unconfirmed,
            })],
        };
    }

    /// <summary>
    /// The verdict, its sentence ending as the earlier one did where that said whether its cause was confirmed; the
    /// earlier one itself where experiments left nothing but doubt of the cause.
    /// </summary>
    private static Verdict WithConfirmation(DiagnosisResult judged, DiagnosisResult? earlier)
    {
        Verdict verdict = judged.Verdict;
        if (judged.Findings.Count == 0
            || earlier is not { Findings: [{ Confirmation.Intervention: not null } first, ..] }
            || !IsSame(first, judged.Findings[0]))
            return verdict;
        if (earlier.Verdict.Kind == VerdictKind.Inconclusive) return earlier.Verdict;
        string[] endings = ["; confirmed ", "; not confirmed "];
        int at = endings.Max(ending => earlier.Verdict.Sentence.LastIndexOf(ending, StringComparison.Ordinal));
        return at >= 0
            ? verdict with { Sentence = verdict.Sentence.TrimEnd('.') + earlier.Verdict.Sentence[at..] }
            : verdict;
    }

    private static bool IsSame(Finding one, Finding other) => one.Rule == other.Rule && one.Cause == other.Cause;
}
