using System.Reflection;
using System.Runtime.CompilerServices;

namespace GradFlow.Experiments;

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
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsOptional = ValueType.IsAssignableTo(typeof(CatalogueEntry))
            && nullability.Create(property).WriteState == NullabilityState.Nullable;
        Default = IsRequired ? null : property.GetValue(defaults);
    }

    public PropertyInfo Property { get; }

    public string Name { get; }

    public Type ValueType { get; }

    public bool IsRequired { get; }

    /// <summary>Whether <c>none</c> can be chosen.</summary>
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
