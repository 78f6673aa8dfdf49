using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>A recorded training that is to go on from its newest state.</summary>
/// <param name="Place">The run, as the user named it.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Header">What was known of it before its first step.</param>
/// <param name="Source">Its experiment.</param>
/// <param name="State">The state.</param>
/// <param name="End">How it ended; null if it was killed.</param>
internal sealed record ResumedRun(
    string Place, RunFolder Folder, RunHeader Header, ExperimentSource Source, TrainingState State, RunEnd? End)
{
    /// <summary>Reads a run and its state, and changes nothing.</summary>
    /// <param name="place">The run's folder, its run.db, or the checkpoint in it.</param>
    /// <param name="data">Where its data lie now, relative to the current folder; null for where they lay.</param>
    /// <exception cref="BadInputException">The training can't go on.</exception>
    /// <exception cref="InvalidRunException">The run or its checkpoint can't be read.</exception>
    public static ResumedRun Load(string place, string? data)
    {
        TrainedNet net = TrainedNet.Find(place, "gradflow train: --resume");
        RequireGoing(place, net.Run);
        ExperimentSource source = Unchanged(net.Run, net.Folder);
        if (data is not null) source = source.Reading(data);
        TrainingState state = Checkpoints.Load(net.Checkpoint);
        if (File.Exists(net.Folder.Start))
            source = source.BeginningWith(net.Folder.Start, isPretrained: state.Pretraining is not null);
        return new ResumedRun(place, net.Folder, net.Run.Header, source, state, net.Run.End);
    }

    /// <summary>Builds the net with its initial weights, once it is certain that the state fits.</summary>
    /// <param name="terminal">Where to say what of the experiment has no effect.</param>
    /// <param name="steps">Steps in all.</param>
    public Trainer CreateTrainer(Terminal terminal, int steps)
    {
        DataSplits data = Source.LoadData();
        RequireSame(Source.Experiment.Data, State.DataFingerprint, data.Fingerprint);
        Trainer trainer = Source.CreateTrainer(terminal, data);
        if (State.Step >= steps && State.Pretraining is null)
            throw Refusal(Place, (State.Step > steps
                ? $"has taken {State.Step:N0} steps already, which is more than {steps:N0}"
                : $"has taken {steps:N0} of {steps:N0} steps") + $"; give more, such as --steps {2L * State.Step}");
        TrainingState start = trainer.Capture();
        RequireItsData(trainer, start);
        try
        {
            trainer.Restore(State);
        }
        catch (ArgumentException error)
        {
            throw Refusal(Place, $"has a checkpoint of another net ({error.Message}); expected its own");
        }
        trainer.Restore(start);
        return trainer;
    }

    private void RequireItsData(Trainer trainer, TrainingState start)
    {
        int before = Header.Plan.StepsPerEpoch;
        if (trainer.StepsPerEpoch != before)
            throw Refusal(
                Place, $"had {before:N0} steps per epoch, and its data now make {trainer.StepsPerEpoch:N0}; "
                    + "expected the data as they were");
        if (trainer.Experiment.Training.Pretrain?.Data is { } others)
            RequireSame(others, State.Pretraining?.DataFingerprint, start.Pretraining?.DataFingerprint);
    }

    private void RequireSame(DataSpec data, string? before, string? now)
    {
        if (before is not null && before != now && data is IReadsFile files)
            throw Refusal(
                Place, $"was trained on other data than '{files.Path}' now holds; expected the data as they were, "
                    + "so put them back, or train the run's experiment anew");
    }

    private static void RequireGoing(string place, Run run)
    {
        string? problem = run switch
        {
            { Repair: not null } =>
                "was judged and repaired by doctor; train its experiment.yaml or repaired.yaml instead",
            { End.Reason: "early-stop" } => "was ended by early stopping, with its best net; nothing is left to train",
            { End.Reason: "non-finite" } => "ended in NaN or infinity, and would again; train it anew with a change",
            _ => null,
        };
        if (problem is not null) throw Refusal(place, problem);
    }

    private static ExperimentSource Unchanged(Run run, RunFolder folder)
    {
        ExperimentSource source = ExperimentSource.Read(folder.Experiment, null, null);
        Experiment recorded = ExperimentFile.Parse(run.Header.Experiment!, folder.Database);
        if (ExperimentDiff.Between(recorded, source.Experiment).Changes is not [var change, ..]) return source;
        throw Refusal(
            folder.Experiment,
            $"has changed since the run: '{change.Path}' was '{change.Before}' and is '{change.After}'; "
                + "a run goes on as it began, so train the file anew");
    }

    private static BadInputException Refusal(string place, string problem) => TrainedNet.Refusal(place, problem);
}
