using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GradFlow.Runs;

/// <summary>
/// The one JSON form of the records, for the page, the command line and the JSON-lines files: camel-case names, enums
/// as lower-case kebab strings, moments in UTC, numbers that are not finite as the strings <c>-inf</c>, <c>inf</c> and
/// <c>nan</c>.
/// </summary>
/// <remarks>
/// A null entry of an array (not measured) stays <c>null</c>; a property that is null is left out. Reading accepts the
/// same, ignores unknown properties, and insists on every property that can be neither null nor defaulted. The text is
/// plain ASCII without <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, so it can stand in a script element as it is.
/// </remarks>
public static class RunJson
{
    /// <summary>The options that all of it is written and read with; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>The value as compact JSON.</summary>
    /// <typeparam name="T">The value's type: a record of this library, or anything made of them.</typeparam>
    /// <param name="value">What to write.</param>
    /// <returns>One line of JSON.</returns>
    public static string Serialize<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The value that a JSON text holds.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="json">The text.</param>
    /// <returns>The value, never null.</returns>
    /// <exception cref="JsonException">The text is not JSON, or a property is missing or of the wrong type.</exception>
    public static T Deserialize<T>(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JsonSerializer.Deserialize<T>(json, Options)
            ?? throw new JsonException($"The text is null; expected a {typeof(T).Name}.");
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatCannotBeNull } },
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
                new NumberConverter(),
                new WholeNumberConverter<int>(),
                new WholeNumberConverter<long>(),
                new UtcConverter(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    // A null property is left out when written, so only those that cannot be null may be demanded when read.
    private static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AssociatedParameter is not { HasDefaultValue: false } parameter) continue;
            bool canBeNull = parameter.ParameterType.IsValueType
                ? Nullable.GetUnderlyingType(parameter.ParameterType) is not null
                : parameter.IsNullable;
            property.IsRequired = !canBeNull;
        }
    }
}
