using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>Whole numbers as JSON numbers, which says what it expected where it got something else.</summary>
internal sealed class WholeNumberConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value)
            && T.CreateTruncating(value) is var whole && long.CreateTruncating(whole) == value)
            return whole;
        throw new JsonException($"expected a whole number from {T.MinValue} to {T.MaxValue}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateTruncating(value));
}
