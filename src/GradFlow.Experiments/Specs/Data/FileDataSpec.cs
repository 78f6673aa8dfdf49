namespace GradFlow.Experiments;

/// <summary>Data that lies in files.</summary>
public abstract record FileDataSpec : DataSpec, IReadsFile
{
    /// <summary>Where it lies; relative to the experiment file.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    public DataSpec ReadingFrom(string path) => this with { Path = path, Source = default };
}
