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

/// <summary>
/// The lines of the file that a map's keys were read from, kept for error messages; like <see cref="SourceLine"/>, no
/// part of what the map says.
/// </summary>
/// <param name="Map">The line of the map, from 1.</param>
/// <param name="Keys">Each key's line, from 1.</param>
internal readonly record struct KeyLines(int? Map, IReadOnlyDictionary<string, int>? Keys)
{
    /// <summary>A key's line, or that of the map where it was left out; null where none was read from a file.</summary>
    public int? Of(string key) => Keys?.TryGetValue(key, out int line) == true ? line : Map;

    public bool Equals(KeyLines other) => true;

    public override int GetHashCode() => 0;
}
