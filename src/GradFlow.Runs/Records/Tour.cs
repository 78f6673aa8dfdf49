namespace GradFlow.Runs;

/// <summary>The subject in a few stops, each measured as it is shown: it vanishes, it explodes, what helps.</summary>
/// <param name="Seed">The seed that every draw is keyed by.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Producer">What wrote it, with version.</param>
/// <param name="Seconds">Wall-clock time of all measurements.</param>
/// <param name="Stops">The stops, in reading order.</param>
public sealed record Tour(
    long Seed, DateTimeOffset StartedAt, string Producer, double Seconds, IReadOnlyList<TourStop> Stops);

/// <summary>One idea, what was measured of it, and where to go on.</summary>
/// <param name="Id">Its name in addresses and file names, such as <c>vanishing</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Idea">Why it is so, in a sentence that no measurement changes.</param>
/// <param name="Sentences">What was measured, with the numbers in it.</param>
/// <param name="Pictures">What was measured, drawn.</param>
/// <param name="Deeper">A command that goes deeper.</param>
/// <param name="DeeperShows">What that command shows.</param>
public sealed record TourStop(
    string Id,
    string Title,
    string Idea,
    IReadOnlyList<string> Sentences,
    IReadOnlyList<TourPicture> Pictures,
    string Deeper,
    string DeeperShows);

/// <summary>Lines over two axes.</summary>
/// <param name="Id">Its name in file names, such as <c>vanishing-gradient</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Lines">The lines; those that a reader compares first come first.</param>
public sealed record TourPicture(
    string Id, string Title, TourAxis X, TourAxis Y, IReadOnlyList<TourLine> Lines);

/// <summary>What is counted along an axis.</summary>
/// <param name="Name">The quantity, with its unit where it has one.</param>
/// <param name="IsLog">True where the values are log10 of the quantity, so that the labels are powers of ten.</param>
/// <param name="IsShare">True where the values are shares from 0 to 1, so that the labels are per cent.</param>
/// <param name="Most">The highest value that is shown, above which lines are cut; null for all.</param>
public sealed record TourAxis(string Name, bool IsLog = false, bool IsShare = false, double? Most = null);

/// <summary>A line of a picture.</summary>
/// <param name="Name">What it is, in a word or two.</param>
/// <param name="Tone">The hue, by meaning.</param>
/// <param name="X">Where along the horizontal axis, in rising order.</param>
/// <param name="Y">How high: null was not measured, −∞ is the log of an exact zero, NaN and ∞ end a training.</param>
/// <param name="IsForecast">True for what theory expects, which is drawn dashed; false for what was measured.</param>
/// <param name="Note">What stands behind its name, such as an accuracy; null for nothing.</param>
public sealed record TourLine(
    string Name,
    LineTone Tone,
    IReadOnlyList<double> X,
    IReadOnlyList<double?> Y,
    bool IsForecast = false,
    string? Note = null);

/// <summary>A line's hue, by what it means; a remedy has that of the kind of part that it changes.</summary>
public enum LineTone
{
    /// <summary>The gradient vanishes.</summary>
    Vanishing,

    /// <summary>The gradient explodes.</summary>
    Exploding,

    /// <summary>The gradient flows.</summary>
    Flowing,

    /// <summary>Another non-linearity.</summary>
    Activation,

    /// <summary>Other weights.</summary>
    Weights,

    /// <summary>Residual paths.</summary>
    Skip,

    /// <summary>A normalisation.</summary>
    Normalization,

    /// <summary>Another way through time.</summary>
    Recurrence,

    /// <summary>Clipping, and what else leaves the net alone.</summary>
    Clipping,
}
