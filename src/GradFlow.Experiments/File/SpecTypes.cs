using System.Reflection;

namespace GradFlow.Experiments;

/// <summary>The types seen so far, each looked at once.</summary>
internal sealed class SpecTypes
{
    private static readonly Type[] AllEntries =
        [.. typeof(CatalogueEntry).Assembly.GetTypes().Where(t => t.IsDefined(typeof(EntryAttribute)))];

    private readonly Dictionary<Type, SpecType> _types = [];
    private readonly Dictionary<Type, SortedDictionary<string, Type>> _entries = [];

    public SpecType Of(Type type)
    {
        if (!_types.TryGetValue(type, out SpecType? known))
            _types[type] = known = SpecType.Of(type);
        return known;
    }

    /// <summary>The entries of a catalogue by name, in alphabetical order.</summary>
    public IReadOnlyDictionary<string, Type> EntriesOf(Type catalogue)
    {
        if (!_entries.TryGetValue(catalogue, out SortedDictionary<string, Type>? known))
        {
            _entries[catalogue] = known = new SortedDictionary<string, Type>(
                AllEntries.Where(t => t.IsAssignableTo(catalogue))
                    .ToDictionary(t => t.GetCustomAttribute<EntryAttribute>()!.Name),
                StringComparer.Ordinal);
        }

        return known;
    }
}
