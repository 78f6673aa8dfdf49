using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Diagnosis;
using GradFlow.Report;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>Writes the page of a recorded run.</summary>
internal sealed class ReportCommand : Verb
{
    private readonly Option<string> _out;

    public ReportCommand()
        : base("report", "Write the page of a recorded run, one HTML file.", Inputs.RecordedRun())
    {
        _out = With(new Option<string>("--out")
        {
            Description = "Write the page here instead of beside the run.",
            HelpName = "FILE",
        });
    }

    public override string Note => "";

    public override string Example => "gradflow report runs/20260102-030405-deep-sigmoid";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        RecordedRun recorded = RecordedRun.Load(arguments.GetRequiredValue(Input));
        Run run = recorded.Run with { Diagnosis = recorded.Run.Diagnosis ?? Judge(recorded.Run) };
        string page = arguments.GetValue(_out) ?? recorded.Report;
        if (Directory.Exists(page)) page = RunFolder.At(page).Report;
        Run? repaired = recorded.LoadRepaired();
        Inputs.WritePage("report", "--out FILE", page, path => ReportPage.Write(path, run, repaired));
        Answer(
            arguments, terminal, () => new ReportAnswer(recorded.Path, page),
            people => ReportFigure.Write(people, run, page));
        return ExitCode.Done;
    }

    /// <summary>Judges a run; the causes of one that can't be repeated here stay unconfirmed.</summary>
    private static DiagnosisResult Judge(Run run)
    {
        DiagnosisResult judged = Diagnostician.Judge(run);
        if (!Unrecorded.IsForeign(run.Header)) return judged;
        IEnumerable<Finding> findings = judged.Findings.Select(f => f with { Confirmation = Confirmation.Unconfirmed });
        return judged with { Findings = [.. findings] };
    }
}
