using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>Trains in full and records it.</summary>
internal sealed class TrainCommand : Verb
{
    private const int QuickShare = 4;

    private readonly Option<bool> _json, _quick;
    private readonly Option<int?> _seed;
    private readonly Option<string> _data, _out;

    public TrainCommand()
        : base("train", "Train in full, and record it.", Inputs.File())
    {
        _quick = With(Inputs.Quick("Take a quarter of the steps."));
        _seed = With(Inputs.Seed());
        _data = With(Inputs.Data());
        _out = With(Inputs.Out());
        _json = With(Inputs.Json());
    }

    public override string Note => "";

    public override string Example => "gradflow train examples/04-healthy.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var source = ExperimentSource.Read(
            arguments.GetRequiredValue(Input), arguments.GetValue(_seed), arguments.GetValue(_data));
        Trainer trainer = source.CreateTrainer();
        int steps = arguments.GetValue(_quick)
            ? Math.Max(1, trainer.PlannedSteps / QuickShare)
            : trainer.PlannedSteps;
        return RunPlace.Use(arguments.GetRequiredValue(_out), source.Experiment.Name, terminal.Time, folder =>
        {
            Run run = Stages.Follow(terminal, cancellation, progress =>
                Record(source, trainer, folder, new LoopOptions { LastStep = steps, Time = terminal.Time },
                    new TrainingStage(progress, steps), cancellation));
            if (arguments.GetValue(_json))
                terminal.Output.WriteLine(RunJson.Serialize(TrainAnswer.Of(run, folder.Path)));
            else TrainFigure.Write(terminal.People, run, folder);
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
