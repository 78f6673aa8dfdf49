using System.Globalization;
using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>
/// How a number stands in a cell of a table. SQLite turns NaN into NULL, which here means "not measured", so NaN is
/// stored as the text <c>nan</c>; both infinities are kept as they are.
/// </summary>
internal static class Cells
{
    internal static object Of(double? value) => value switch
    {
        null => DBNull.Value,
        double.NaN => NumberConverter.NotANumber,
        double number => number,
    };

    internal static object Of(IReadOnlyList<double?>? values) =>
        values is null ? DBNull.Value : PackedNumbers.Pack(values);

    internal static object Of(IReadOnlyList<ExponentHistogram?>? values) =>
        values is null ? DBNull.Value : PackedHistograms.Pack(values);

    internal static int Integer(SqliteDataReader row, int column) =>
        row.GetValue(column) is long value and >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Unexpected(row, column, "a whole number");

    internal static string Text(SqliteDataReader row, int column) =>
        row.GetValue(column) as string ?? throw Unexpected(row, column, "text");

    internal static double Number(SqliteDataReader row, int column) =>
        OptionalNumber(row, column) ?? throw Unexpected(row, column, "a number");

    internal static double? OptionalNumber(SqliteDataReader row, int column) => row.GetValue(column) switch
    {
        DBNull => null,
        double value => value,
        NumberConverter.NotANumber => double.NaN,
        _ => throw Unexpected(row, column, "a number"),
    };

    internal static double?[]? Numbers(SqliteDataReader row, int column) =>
        Blob(row, column) is { } bytes ? PackedNumbers.Unpack(bytes) : null;

    internal static ExponentHistogram?[]? Histograms(SqliteDataReader row, int column) =>
        Blob(row, column) is { } bytes ? PackedHistograms.Unpack(bytes) : null;

    private static byte[]? Blob(SqliteDataReader row, int column) => row.GetValue(column) switch
    {
        DBNull => null,
        byte[] bytes => bytes,
        _ => throw Unexpected(row, column, "packed numbers"),
    };

    private static InvalidDataException Unexpected(SqliteDataReader row, int column, string expected)
    {
        string value = Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture) ?? "";
        return new InvalidDataException($"column {row.GetName(column)} holds {value}; expected {expected}");
    }
}
