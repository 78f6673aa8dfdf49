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
        if (reader.TokenType != JsonTokenType.Number) throw new JsonException("expected a whole number.");
        if (reader.TryGetInt64(out long value)
            && T.CreateTruncating(value) is var whole && long.CreateTruncating(whole) == value)
            return whole;
        // Which of them are allowed the record's field says, once the number is one that it can hold.
        double number = reader.GetDouble();
        throw new JsonException(
            number > double.CreateSaturating(T.MaxValue) ? $"expected a whole number, at most {T.MaxValue}."
            : number < double.CreateSaturating(T.MinValue) ? $"expected a whole number, at least {T.MinValue}."
            : "expected a whole number.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateTruncating(value));
}
