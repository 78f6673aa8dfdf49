using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>Trains in full and records it.</summary>
internal sealed class TrainCommand : ExperimentVerb
{
    private const int QuickShare = 4;

    private readonly Option<bool> _quick;
    private readonly Option<string> _out;

    public TrainCommand()
        : base("train", "Train in full, and record it.")
    {
        _quick = With(Inputs.Quick("Take a quarter of the steps."));
        _out = With(Inputs.Out());
    }

    public override string Note => "";

    public override string Example => "gradflow train examples/04-healthy.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ExperimentSource source = Read(arguments);
        Trainer trainer = source.CreateTrainer(terminal);
        int steps = arguments.GetValue(_quick)
            ? Math.Max(1, trainer.PlannedSteps / QuickShare)
            : trainer.PlannedSteps;
        return RunPlace.Use(arguments.GetRequiredValue(_out), source.Experiment.Name, terminal.Time, folder =>
        {
            Run run = Stages.Follow(terminal, cancellation, progress =>
                Record(source, trainer, folder, new LoopOptions { LastStep = steps, Time = terminal.Time },
                    new TrainingStage(progress, steps), cancellation));
            Answer(
                arguments, terminal, () => TrainAnswer.Of(run, folder.Path),
                people => TrainFigure.Write(people, run, folder));
            return CodeOf(run);
        });
    }

    private static Run Record(
        ExperimentSource source, Trainer trainer, RunFolder folder, LoopOptions options,
        IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        string text = source.TextFor(folder.Path);
        File.WriteAllText(folder.Experiment, text);
        RunHeader header = trainer.Describe(options.Time.GetUtcNow(), CommandLine.Producer) with { Experiment = text };
        using RunWriter writer = RunWriter.Create(folder.Database, header, options.Time);
        var recorder = new RunRecorder(header, writer);
        recorder.Set(trainer.Forecast(header.Structure));
        Run run = TrainingLoop.Run(trainer, recorder, options, progress, cancellation);
        Checkpoints.Save(folder.Checkpoint, trainer.Capture());
        return run;
    }

    private static int CodeOf(Run run) => run.End?.Reason switch
    {
        "interrupted" => ExitCode.Stopped,
        "non-finite" => ExitCode.Sick,
        _ => ExitCode.Done,
    };
}
