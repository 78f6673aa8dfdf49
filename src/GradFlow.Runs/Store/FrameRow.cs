using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>A frame as one row of the table <c>frames</c>, its arrays packed.</summary>
internal static class FrameRow
{
    internal const string Columns =
        "step INTEGER PRIMARY KEY, gradient_cosine REAL, cut_norms BLOB, part_gains BLOB, "
        + "forward_mean BLOB, forward_std BLOB, forward_rms BLOB, forward_saturated_share BLOB, "
        + "forward_dead_share BLOB, forward_non_finite BLOB, "
        + "weight_norm BLOB, gradient_norm BLOB, gradient_mean_abs BLOB, gradient_max_abs BLOB, "
        + "zero_share BLOB, non_finite BLOB, update_ratio BLOB, distance BLOB, exponents BLOB, "
        + "through_time TEXT, attention TEXT";

    private const int ThroughTimeColumn = 19, AttentionColumn = 20;

    internal static void Insert(Insertion into, Frame frame)
    {
        ForwardStatistics? forward = frame.Forward;
        ParameterStatistics? parameters = frame.Parameters;
        into.Add(
            frame.Step, Cells.Of(frame.GradientCosine), Cells.Of(frame.CutNorms), Cells.Of(frame.PartGains),
            Cells.Of(forward?.Mean), Cells.Of(forward?.Std), Cells.Of(forward?.Rms), Cells.Of(forward?.SaturatedShare),
            Cells.Of(forward?.DeadShare), Cells.Of(forward?.NonFinite),
            Cells.Of(parameters?.WeightNorm), Cells.Of(parameters?.GradientNorm), Cells.Of(parameters?.GradientMeanAbs),
            Cells.Of(parameters?.GradientMaxAbs), Cells.Of(parameters?.ZeroShare), Cells.Of(parameters?.NonFinite),
            Cells.Of(parameters?.UpdateRatio), Cells.Of(parameters?.Distance), Cells.Of(parameters?.Exponents),
            Json(frame.ThroughTime), Json(frame.Attention));
    }

    internal static Frame Read(SqliteDataReader row) => new(
        Cells.Integer(row, 0), Cells.Numbers(row, 2), Cells.Numbers(row, 3), Forward(row), Parameters(row),
        Cells.OptionalNumber(row, 1), Profiles<TimeProfile>(row, ThroughTimeColumn),
        Profiles<AttentionProfile>(row, AttentionColumn));

    private static object Json<T>(IReadOnlyList<T?>? profiles) =>
        profiles is null ? DBNull.Value : RunJson.Serialize(profiles);

    // Runs written before recurrent layers or attention were recorded lack the column.
    private static IReadOnlyList<T?>? Profiles<T>(SqliteDataReader row, int column)
        where T : class =>
        row.FieldCount <= column || row.IsDBNull(column) ? null : RunJson.Deserialize<T?[]>(Cells.Text(row, column));

    private static ForwardStatistics? Forward(SqliteDataReader row)
    {
        var forward = new ForwardStatistics(
            Cells.Numbers(row, 4), Cells.Numbers(row, 5), Cells.Numbers(row, 6), Cells.Numbers(row, 7),
            Cells.Numbers(row, 8), Cells.Numbers(row, 9));
        return forward == new ForwardStatistics(null, null, null, null, null, null) ? null : forward;
    }

    private static ParameterStatistics? Parameters(SqliteDataReader row)
    {
        var parameters = new ParameterStatistics(
            Cells.Numbers(row, 10), Cells.Numbers(row, 11), Cells.Numbers(row, 12), Cells.Numbers(row, 13),
            Cells.Numbers(row, 14), Cells.Numbers(row, 15), Cells.Numbers(row, 16), Cells.Numbers(row, 17),
            Cells.Histograms(row, 18));
        return parameters == new ParameterStatistics(null, null, null, null, null, null, null, null, null)
            ? null
            : parameters;
    }
}
