namespace GradFlow.Experiments;

/// <summary>A text whose next character is to be predicted at every step: a UTF-8 file, or without a path one that is
/// written by a small grammar. Its end is the test part, and what lies before that is for validation.</summary>
[Entry("text")]
public sealed record TextSpec : DataSpec, IReadsFile
{
    /// <summary>Characters of the text that is written where there is no file.</summary>
    internal const int WrittenCharacters = 200_000;

    /// <summary>Where the text lies; relative to the experiment file. Without it a text is written.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Characters, or bytes, of the text from its start on; all of a file, or 200,000 that are written, where not
    /// given.
    /// </summary>
    [Limits(AtLeast = 100, AtMost = 5e7)]
    public int? Characters { get; init; }

    /// <summary>Time steps of a sample.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 10_000)]
    public int Window { get; init; } = 64;

    /// <summary>What it is read by.</summary>
    [Written]
    public TextUnit Unit { get; init; }

    /// <summary>The share at the end of the text that is kept for testing.</summary>
    [Written]
    [Limits(Above = 0, Below = 1)]
    public double Test { get; init; } = 0.1;

    /// <inheritdoc/>
    public DataSpec ReadingFrom(string path) => this with { Path = path, Source = default };
}
