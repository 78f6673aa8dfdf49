using System.Reflection;
using System.Runtime.CompilerServices;

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

    /// <summary>The entries of a catalogue by name, in alphabetical order.</summary>
    public static IReadOnlyDictionary<string, Type> EntriesOf(Type catalogue) =>
        new SortedDictionary<string, Type>(
            catalogue.Assembly.GetTypes()
                .Where(t => !t.IsAbstract && t.IsAssignableTo(catalogue))
                .ToDictionary(t => t.GetCustomAttribute<EntryAttribute>()!.Name),
            StringComparer.Ordinal);

    /// <summary>What one entry of the catalogue is called.</summary>
    public static string NounOf(Type catalogue) => catalogue.GetCustomAttribute<CatalogueAttribute>()!.Noun;

    private static int Ancestry(Type type) => type.BaseType is null ? 0 : 1 + Ancestry(type.BaseType);
}

/// <summary>One key of a record.</summary>
internal sealed class SpecKey
{
    public SpecKey(PropertyInfo property, object defaults, NullabilityInfoContext nullability)
    {
        Property = property;
        Name = property.GetCustomAttribute<KeyAttribute>()?.Name ?? ToKebab(property.Name);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsShorthand = property.IsDefined(typeof(ShorthandAttribute));
        IsWritten = property.IsDefined(typeof(WrittenAttribute));
        IsNotEmpty = property.IsDefined(typeof(NotEmptyAttribute));
        IsFileName = property.IsDefined(typeof(FileNameAttribute));
        Limits = property.GetCustomAttribute<LimitsAttribute>();
        IsOptional = nullability.Create(property).WriteState == NullabilityState.Nullable;
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Default = IsRequired ? null : property.GetValue(defaults);
    }

    public PropertyInfo Property { get; }

    public string Name { get; }

    public Type ValueType { get; }

    public bool IsRequired { get; }

    /// <summary>Whether it can be <c>none</c>.</summary>
    public bool IsOptional { get; }

    public bool IsShorthand { get; }

    public bool IsWritten { get; }

    public bool IsNotEmpty { get; }

    public bool IsFileName { get; }

    public LimitsAttribute? Limits { get; }

    public object? Default { get; }

    /// <summary>The entries' type where the value is a list; else null.</summary>
    public Type? ItemType => ValueType.IsGenericType ? ValueType.GetGenericArguments()[0] : null;

    public static string ToKebab(string name) => string.Concat(
        name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>The types seen so far, each looked at once.</summary>
internal sealed class SpecTypes
{
    private readonly Dictionary<Type, SpecType> _types = [];
    private readonly Dictionary<Type, IReadOnlyDictionary<string, Type>> _entries = [];

    public SpecType Of(Type type)
    {
        if (!_types.TryGetValue(type, out SpecType? known))
            _types[type] = known = SpecType.Of(type);
        return known;
    }

    public IReadOnlyDictionary<string, Type> EntriesOf(Type catalogue)
    {
        if (!_entries.TryGetValue(catalogue, out IReadOnlyDictionary<string, Type>? known))
            _entries[catalogue] = known = SpecType.EntriesOf(catalogue);
        return known;
    }
}
