using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>Moments in UTC, such as <c>2026-01-02T03:04:05Z</c>; other offsets are read and turned into UTC.</summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset moment)
            ? moment.ToUniversalTime()
            : throw new JsonException("expected a moment such as \"2026-01-02T03:04:05Z\".");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture));
}
