namespace GradFlow.Runs;

/// <summary>
/// A recorded run, or a file that belongs to one, cannot be read. The message is one line: which file, where in it,
/// what was expected, and what to do.
/// </summary>
public sealed class InvalidRunException : Exception
{
    /// <summary>A run that cannot be read.</summary>
    /// <param name="message">One line: which file, where, what was expected, what to do.</param>
    /// <param name="inner">What the reading ended in, if it ended in an exception.</param>
    public InvalidRunException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
