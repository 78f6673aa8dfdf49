using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>A run of <c>gradflow train</c> whose newest state is kept.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Run">Its records.</param>
/// <param name="Checkpoint">Where the state lies.</param>
internal sealed record TrainedNet(RunFolder Folder, Run Run, string Checkpoint)
{
    private const string CheckpointEnding = ".safetensors";

    /// <summary>Finds a run and its state, and changes nothing.</summary>
    /// <param name="place">The run's folder, its run.db, or the checkpoint in it.</param>
    /// <param name="what">What of the command line named it.</param>
    /// <exception cref="BadInputException">It is none, or holds no state.</exception>
    /// <exception cref="InvalidRunException">The run can't be read.</exception>
    public static TrainedNet Find(string place, string what)
    {
        bool isCheckpoint = place.EndsWith(CheckpointEnding, StringComparison.Ordinal) && File.Exists(place);
        bool isDatabase = Path.GetFileName(place) == "run.db" && File.Exists(place);
        if (!isCheckpoint && !isDatabase && !Directory.Exists(place))
            throw new BadInputException(
                $"{what} is '{place}'; expected the folder of a run, or the checkpoint in it");
        RunFolder folder = RunFolder.At(
            isCheckpoint || isDatabase ? Path.GetDirectoryName(Path.GetFullPath(place))! : place);
        Run run = RunReader.Load(File.Exists(folder.Database) ? folder.Database : folder.Path);
        if (run.Header.Experiment is null || !File.Exists(folder.Database))
            throw Refusal(place, "was recorded elsewhere; expected a run of gradflow train");
        string checkpoint = isCheckpoint ? place : folder.Checkpoint;
        return File.Exists(checkpoint)
            ? new TrainedNet(folder, run, checkpoint)
            : throw Refusal(
                place, $"holds no {Path.GetFileName(checkpoint)}, which is written along the way; train it anew");
    }

    /// <summary>A line about a run.</summary>
    public static BadInputException Refusal(string place, string problem) => new($"{place}: {problem}");
}
