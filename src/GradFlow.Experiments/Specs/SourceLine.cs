namespace GradFlow.Experiments;

/// <summary>
/// The line of the file that an entry was read from, kept for error messages. It is no part of what the entry says:
/// all are equal, so that entries that say the same are.
/// </summary>
/// <param name="Number">The line, from 1; null where the entry wasn't read from a file.</param>
internal readonly record struct SourceLine(int? Number)
{
    public bool Equals(SourceLine other) => true;

    public override int GetHashCode() => 0;
}
