using System.Reflection;

namespace GradFlow.Experiments;

/// <summary>What reader, writer and schema need to know of a record: its name in the file and its keys.</summary>
internal sealed class SpecType
{
    private SpecType(Type type)
    {
        Type = type;
        Name = type.GetCustomAttribute<EntryAttribute>()?.Name;
        object defaults = Create();
        NullabilityInfoContext nullability = new();
        Keys =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.SetMethod is not null)
                .OrderBy(p => Ancestry(p.DeclaringType!))
                .ThenBy(p => p.MetadataToken)
                .Select(p => new SpecKey(p, defaults, nullability)),
        ];
    }

    public Type Type { get; }

    /// <summary>The entry's name; null for a record that isn't a catalogue's entry.</summary>
    public string? Name { get; }

    public IReadOnlyList<SpecKey> Keys { get; }

    public SpecKey? Shorthand => Keys.FirstOrDefault(key => key.IsShorthand);

    /// <summary>The record's name for messages.</summary>
    public string DisplayName => Name is not null ? $"'{Name}'"
        : Type == typeof(Experiment) ? "the experiment"
        : $"'{SpecKey.ToKebab(Type.Name[..^"Spec".Length])}'";

    public static SpecType Of(Type type) => new(type);

    /// <summary>A record with its defaults; keys that have none are unset.</summary>
    public object Create() => Activator.CreateInstance(Type)!;

    /// <summary>What one entry of the catalogue is called.</summary>
    public static string NounOf(Type catalogue) => catalogue.GetCustomAttribute<CatalogueAttribute>()!.Noun;

    private static int Ancestry(Type type) => type.BaseType is null ? 0 : 1 + Ancestry(type.BaseType);
}
