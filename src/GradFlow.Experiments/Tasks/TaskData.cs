namespace GradFlow.Experiments;

/// <summary>Turns the data of an experiment into samples.</summary>
public static class TaskData
{
    /// <summary>Draws or reads data that an experiment file names.</summary>
    /// <param name="spec">Which data: the experiment's, or those of its pre-training.</param>
    /// <param name="experiment">Whose seed and share of validation data they are drawn and parted by.</param>
    /// <param name="file">The experiment file, which paths are relative to.</param>
    /// <exception cref="InvalidExperimentException">
    /// A file is missing or isn't what it should be. Where no line of it is to blame, the experiment file's is told
    /// that names it, if it was read from there.
    /// </exception>
    public static DataSplits Load(DataSpec spec, Experiment experiment, string file)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        try
        {
            return Load(spec, folder, experiment.Seed, experiment.Training.Validation);
        }
        catch (InvalidExperimentException error) when (error.Line is null && spec.Source.Number is { } line)
        {
            throw new InvalidExperimentException(file, line, $"{spec.EntryName}: {error.Message}", error);
        }
    }

    /// <summary>Draws or reads the data.</summary>
    /// <param name="spec">Which data.</param>
    /// <param name="baseFolder">The folder that paths in it are relative to: that of the experiment file.</param>
    /// <param name="seed">What is random is drawn from it. Rows read from files are split into training and test data
    /// alike for all seeds, so that no seed's test data are another's training data.</param>
    /// <param name="validationShare">The share of the training data to hold out, between 0 and 1.</param>
    /// <exception cref="InvalidExperimentException">A file is missing or isn't what it should be.</exception>
    public static DataSplits Load(DataSpec spec, string baseFolder, long seed, double validationShare)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(baseFolder);
        if (validationShare is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationShare), "must lie between 0 and 1");

        if (spec is TextSpec text) return TextData.Load(text, baseFolder, seed, validationShare);
        (Dataset train, Dataset test) = spec switch
        {
            StrokesSpec strokes => Strokes.Draw(strokes, seed),
            CirclesSpec circles => PlaneData.Draw(circles, seed),
            BlobsSpec blobs => PlaneData.Draw(blobs, seed),
            SpiralsSpec spirals => PlaneData.Draw(spirals, seed),
            AgreementSpec agreement => Sequences.Draw(agreement, seed),
            AddingSpec adding => Sequences.Draw(adding, seed),
            LatchSpec latch => Sequences.Draw(latch, seed),
            TemporalOrderSpec order => TemporalOrder.Draw(order, seed),
            MultiplicationSpec multiplication => Multiplication.Draw(multiplication, seed),
            CopySpec copy => CopyMemory.Draw(copy, seed),
            ReverseSpec reverse => Reverse.Draw(reverse, seed),
            LagSpec lag => Lag.Draw(lag, seed),
            ReberSpec reber => Reber.Draw(reber, seed),
            MackeyGlassSpec series => MackeyGlass.Draw(series, seed),
            Narma10Spec filter => Narma10.Draw(filter, seed),
            RowMnistSpec rows => ImageSequences.LoadRows(rows, PlaceOf(rows.Path, baseFolder)),
            PixelMnistSpec pixels => ImageSequences.LoadPixels(pixels, PlaceOf(pixels.Path, baseFolder)),
            MnistSpec mnist => IdxFolder.Load(mnist, PlaceOf(mnist.Path, baseFolder)),
            CsvSpec csv => CsvTable.Load(csv, PlaceOf(csv.Path, baseFolder)),
            _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no loader", nameof(spec)),
        };
        DataSplits splits = DataSplits.HoldOut(train, test, seed, validationShare);
        return spec switch
        {
            StrokesSpec { Scale: ImageScaling.Standard } or IdxDataSpec { Scale: ImageScaling.Standard } =>
                splits.Rescale(InputScaling.StandardOverAll(splits.Train)),
            CsvSpec { Scale: ColumnScaling.Standard } =>
                splits.Rescale(InputScaling.StandardPerFeature(splits.Train)),
            _ => splits,
        };
    }
    /// <summary>
    /// Where a file lies, without the ".." that a path has which was rewritten for a run's folder: so it is told to
    /// people.
    /// </summary>
    internal static string PlaceOf(string path, string baseFolder) => Path.GetFullPath(Path.Combine(baseFolder, path));
}
