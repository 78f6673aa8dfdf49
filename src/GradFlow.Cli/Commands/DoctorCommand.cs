using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Repair;
using GradFlow.Report;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>The main job: forecast, train watched, diagnose, repair by trials, verify, report.</summary>
internal sealed class DoctorCommand : ExperimentVerb
{
    private readonly Option<bool> _quick;
    private readonly Option<string> _out;

    public DoctorCommand()
        : base("doctor", "Find out what a training suffers from, and repair it by measured trials.")
    {
        _quick = With(Inputs.Quick("Answer in about a quarter of the time: fewer steps, one seed per trial."));
        _out = With(Inputs.Out());
    }

    public override string Note =>
        "experiment.yaml and repaired.yaml in the run's folder find the data from there: a relative path is rewritten "
        + "for the folder (such as ../../data), an absolute one stays.";

    public override string Example => "gradflow doctor examples/01-deep-sigmoid.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ExperimentSource source = Read(arguments);
        var doctor = new Doctor(new DoctorOptions
        {
            IsQuick = arguments.GetValue(_quick),
            Producer = CommandLine.Producer,
            Remarked = terminal.Remark,
            Time = terminal.Time,
        });
        string root = arguments.GetRequiredValue(_out);
        return RunPlace.Use(root, source.Experiment.Name, terminal.Time, folder =>
        {
            DoctorResult result = Stages.Follow(terminal, cancellation, progress =>
                doctor.Treat(source.Experiment, source.File, folder, progress, cancellation));
            ReportPage.Write(folder.Report, result.Run, result.Repaired);
            Answer(
                arguments, terminal, () => DoctorAnswer.Of(result.Run, folder.Path, folder.Report),
                people => DoctorFigure.Write(people, result.Run, Diff(source.Experiment, result), folder));
            return CodeOf(result.Run);
        });
    }

    private static IReadOnlyList<DiffLine> Diff(Experiment given, DoctorResult result) =>
        result.RepairedExperiment is null ? [] : ExperimentDiff.Between(given, result.RepairedExperiment).Lines;

    private static int CodeOf(Run run) => run switch
    {
        { End.Reason: "interrupted" } => ExitCode.Stopped,
        { Diagnosis: null or { Verdict.Kind: VerdictKind.Inconclusive } } => ExitCode.Inconclusive,
        { Diagnosis.Verdict.Kind: VerdictKind.Healthy } or { Repair.Status: "repaired" } => ExitCode.Done,
        _ => ExitCode.Sick,
    };
}
