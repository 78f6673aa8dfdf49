namespace GradFlow.Experiments;

/// <summary>Data that lies in files.</summary>
public abstract record FileDataSpec : DataSpec
{
    /// <summary>Where it lies; relative to the experiment file.</summary>
    public required string Path { get; init; }
}
