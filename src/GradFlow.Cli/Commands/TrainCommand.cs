using System.CommandLine;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>Trains in full and records it, or goes on with what was stopped.</summary>
internal sealed class TrainCommand : ExperimentVerb
{
    private const int QuickShare = 4;

    private readonly Option<bool> _quick;
    private readonly Option<int?> _steps;
    private readonly Option<string> _out;
    private readonly Option<string> _resume;

    public TrainCommand()
        : base("train", "Train in full, and record it.", Inputs.FileUnless("--resume"))
    {
        _quick = With(Inputs.Quick("Take a quarter of the steps."));
        _steps = With(Inputs.Steps());
        _out = With(Inputs.Out());
        _resume = With(new Option<string>("--resume")
        {
            Description = "Go on with a run that was stopped or killed, or, with more --steps, is done: its folder, "
                + "or the checkpoint in it.",
            HelpName = "RUN",
        });
    }

    public override string Note =>
        "A run that goes on is recorded in its own folder, and ends in the bits of one that was never stopped. Its "
        + "checkpoint is of its last step where you stop it, and of a little earlier where it is killed. Say "
        + "--data where its data have been moved.";

    public override string Example => "gradflow train examples/04-healthy.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (arguments.GetValue(_resume) is { } place) return GoOn(arguments, place, terminal, cancellation);
        RequireFile(arguments);
        ExperimentSource source = Read(arguments);
        Trainer trainer = source.CreateTrainer(terminal);
        return RunPlace.Use(arguments.GetRequiredValue(_out), source.Experiment.Name, terminal.Time, folder =>
        {
            string text = source.TextFor(folder.Path);
            File.WriteAllText(folder.Experiment, text);
            RunHeader header =
                trainer.Describe(terminal.Time.GetUtcNow(), CommandLine.Producer) with { Experiment = text };
            header = header with { Plan = Asked(arguments, header.Plan) };
            using RunWriter writer = RunWriter.Create(folder.Database, header, terminal.Time);
            var recorder = new RunRecorder(header, writer);
            recorder.Set(trainer.Forecast(header.Structure));
            return Train(arguments, terminal, trainer, recorder, folder, null, null, cancellation);
        });
    }

    /// <summary>The plan as the command line has it, which a resume keeps to.</summary>
    private TrainingPlan Asked(ParseResult arguments, TrainingPlan plan) => arguments.GetValue(_quick)
        ? plan with
        {
            Steps = Math.Max(1, plan.Steps / QuickShare),
            PretrainingSteps = plan.PretrainingSteps / QuickShare,
        }
        : plan with { Steps = arguments.GetValue(_steps) ?? plan.Steps };

    private int GoOn(ParseResult arguments, string place, Terminal terminal, CancellationToken cancellation)
    {
        RequireNoOther(arguments);
        ResumedRun begun = ResumedRun.Load(place, DataPath(arguments));
        int steps = arguments.GetValue(_steps) ?? begun.Header.Plan.Steps;
        Trainer trainer = begun.CreateTrainer(terminal, steps);
        using RunWriter writer = RunWriter.Resume(
            begun.Folder.Database, begun.State.Step, begun.State.Pretraining?.Step, terminal.Time);
        writer.SetPlannedSteps(steps);
        writer.Flush();
        var recorder = new RunRecorder(RunReader.Load(begun.Folder.Database), writer);
        return Train(arguments, terminal, trainer, recorder, begun.Folder, begun.State, begun.End, cancellation);
    }

    private void RequireFile(ParseResult arguments)
    {
        if (arguments.GetValue(Input) is null)
            throw new BadInputException(
                "gradflow train: FILE is missing; expected an experiment file, such as my-net.yaml, or --resume RUN");
        if (arguments.GetValue(_quick) && arguments.GetValue(_steps) is not null)
            throw new BadInputException("gradflow train: --quick and --steps both say how long; expected one of them");
    }

    /// <summary>A run goes on as it began.</summary>
    private void RequireNoOther(ParseResult arguments)
    {
        if (arguments.GetValue(Input) is { } file)
            throw new BadInputException(
                $"gradflow train: FILE is '{file}', but a run that goes on has its own; "
                    + "expected --resume without FILE");
        Option? other = Options.FirstOrDefault(option =>
            option.Name is not ("--resume" or "--steps" or "--data" or "--json")
                && arguments.GetResult(option) is { Implicit: false });
        if (other is not null)
            throw new BadInputException(
                $"gradflow train: {other.Name} is for a new training; a run that goes on with --resume takes "
                    + "--steps and --data alone");
    }

    private int Train(
        ParseResult arguments, Terminal terminal, Trainer trainer, RunRecorder recorder, RunFolder folder,
        TrainingState? from, RunEnd? before, CancellationToken cancellation)
    {
        TrainingPlan plan = recorder.Current.Header.Plan;
        var options = new LoopOptions
        {
            From = from,
            Before = before,
            LastStep = plan.Steps,
            PretrainingSteps = plan.PretrainingSteps,
            Time = terminal.Time,
            Checkpoint = folder.Checkpoint,
            Start = folder.Start,
        };
        Run run = Stages.Follow(terminal, cancellation, progress => TrainingLoop.Run(
            trainer, recorder, options, new TrainingStage(progress, plan.Steps), cancellation));
        Answer(
            arguments, terminal, () => TrainAnswer.Of(run, folder.Path),
            people => TrainFigure.Write(people, run, folder, trainer.PretrainedSteps));
        return CodeOf(run);
    }

    private static int CodeOf(Run run) => run.End?.Reason switch
    {
        "interrupted" => ExitCode.Stopped,
        "non-finite" => ExitCode.Sick,
        _ => ExitCode.Done,
    };
}
