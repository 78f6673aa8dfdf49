namespace GradFlow.Experiments;

/// <summary>Data that lie in a file or a folder, or may.</summary>
public interface IReadsFile
{
    /// <summary>Where they lie; relative to the experiment file. Null for data that are drawn.</summary>
    string? Path { get; }

    /// <summary>The same read from elsewhere.</summary>
    /// <param name="path">Where they lie; relative to the experiment file.</param>
    DataSpec ReadingFrom(string path);
}
