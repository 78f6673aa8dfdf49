using GradFlow.Experiments;

namespace GradFlow.Cli.Commands;

/// <summary>An experiment with the file that it was read from.</summary>
/// <param name="Experiment">The experiment; paths in it are relative to <see cref="Folder"/>.</param>
/// <param name="File">The file, as the user named it.</param>
internal sealed record ExperimentSource(Experiment Experiment, string File)
{
    /// <summary>The folder that the file lies in.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File)) ?? ".";

    /// <summary>Reads the file, and puts what the command line says in place of what it says.</summary>
    /// <param name="file">The file.</param>
    /// <param name="seed">The seed; null for the file's.</param>
    /// <param name="data">Where the data lie, relative to the current folder; null for the file's path.</param>
    public static ExperimentSource Read(string file, int? seed, string? data)
    {
        if (file.Length == 0) throw new BadInputException("FILE is empty; expected an experiment file");
        Experiment experiment = ExperimentFile.Read(file);
        if (seed is { } number) experiment = experiment with { Seed = number };
        var source = new ExperimentSource(experiment, file);
        return data is null ? source : source.Reading(data);
    }

    /// <summary>The same with its data read from elsewhere.</summary>
    /// <param name="data">Where the data lie, relative to the current folder.</param>
    /// <exception cref="BadInputException">They are drawn, or the path is empty.</exception>
    public ExperimentSource Reading(string data)
    {
        if (Experiment.Data is not IReadsFile spec)
        {
            throw new BadInputException(
                $"{File}: its data are '{Experiment.Data.EntryName}', which are drawn; "
                    + "--data takes mnist, csv or text");
        }
        if (data.Length == 0) throw new BadInputException("--data is empty; expected a file or a folder");
        string path = Path.IsPathRooted(data) ? data : Path.GetRelativePath(Folder, Path.GetFullPath(data));
        return this with { Experiment = Experiment with { Data = spec.ReadingFrom(path) } };
    }

    /// <summary>The same with a net that begins with other weights.</summary>
    /// <param name="start">A checkpoint, relative to the current folder; null for weights as drawn.</param>
    /// <param name="isPretrained">Whether it is still pre-trained, where the experiment says so.</param>
    public ExperimentSource BeginningWith(string? start, bool isPretrained = false)
    {
        string? path = start is null ? null : Path.GetFullPath(start);
        TrainingSpec training = Experiment.Training with { StartFrom = path };
        if (!isPretrained) training = training with { Pretrain = null };
        return this with { Experiment = Experiment with { Training = training } };
    }

    /// <summary>Loads the data, builds the net, and says what of the experiment has no effect.</summary>
    public Trainer CreateTrainer(Terminal terminal) => CreateTrainer(terminal, LoadData());

    /// <summary>Loads the data.</summary>
    public DataSplits LoadData() => TaskData.Load(Experiment.Data, Experiment, File);

    /// <summary>Builds the net for data, and says what of the experiment has no effect.</summary>
    public Trainer CreateTrainer(Terminal terminal, DataSplits data)
    {
        var trainer = new Trainer(Experiment, data, File);
        foreach (string remark in trainer.Remarks) terminal.Remark(remark);
        return trainer;
    }

    /// <summary>The experiment's text for a file in another folder.</summary>
    public string TextFor(string folder) => ExperimentFile.Write(ExperimentFile.Rebase(Experiment, Folder, folder));
}
