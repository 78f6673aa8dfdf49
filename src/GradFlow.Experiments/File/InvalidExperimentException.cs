namespace GradFlow.Experiments;

/// <summary>
/// What a person gave can't be used: the experiment file or the data that it names. The message is one line that says
/// where (<c>file:line:</c>), what, and what was expected.
/// </summary>
public sealed class InvalidExperimentException : Exception
{
    /// <summary>Makes the one-line message from its parts.</summary>
    /// <param name="file">The file, as its user named it.</param>
    /// <param name="line">The line, from 1; null where it concerns the whole file.</param>
    /// <param name="problem">What is wrong and what was expected.</param>
    /// <param name="cause">The error beneath, if any.</param>
    public InvalidExperimentException(string file, int? line, string problem, Exception? cause = null)
        : base(InOneLine(line is null ? $"{file}: {problem}" : $"{file}:{line}: {problem}"), cause)
    {
        File = file;
        Line = line;
    }

    /// <summary>The file, as its user named it.</summary>
    public string File { get; }

    /// <summary>The line, from 1; null where it concerns the whole file.</summary>
    public int? Line { get; }

    private static string InOneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '·' : c));
}
