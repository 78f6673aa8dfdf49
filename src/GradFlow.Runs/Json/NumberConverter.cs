using System.Text.Json;
using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>Doubles as JSON numbers, in the shortest form that keeps the bits, or as one of three strings.</summary>
internal sealed class NumberConverter : JsonConverter<double>
{
    internal const string NegativeInfinity = "-inf";
    internal const string PositiveInfinity = "inf";
    internal const string NotANumber = "nan";
    internal const string Names = $"\"{NotANumber}\", \"{PositiveInfinity}\" or \"{NegativeInfinity}\"";

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.GetDouble();
        return reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw Unexpected();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteStringValue(NameOf(value));
    }

    private static string NameOf(double value) =>
        double.IsNaN(value) ? NotANumber : value > 0 ? PositiveInfinity : NegativeInfinity;

    private static double Parse(string? text) => text switch
    {
        NegativeInfinity => double.NegativeInfinity,
        PositiveInfinity => double.PositiveInfinity,
        NotANumber => double.NaN,
        _ => throw Unexpected(),
    };

    private static JsonException Unexpected() => new($"expected a number, {Names}.");
}
