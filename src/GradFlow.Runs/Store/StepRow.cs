using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>A step as a row of the table <c>steps</c>.</summary>
internal static class StepRow
{
    internal const string Columns =
        "step INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, loss REAL NOT NULL, metric REAL, "
        + "learning_rate REAL NOT NULL, gradient_norm REAL, clipped_norm REAL, clip_coefficient REAL, "
        + "penalty REAL";

    private const int PenaltyColumn = 8;

    internal static void Insert(Insertion into, StepRecord step) => into.Add(
        step.Step, step.Epoch, Cells.Of(step.Loss), Cells.Of(step.Metric), Cells.Of(step.LearningRate),
        Cells.Of(step.GradientNorm), Cells.Of(step.ClippedNorm), Cells.Of(step.ClipCoefficient),
        Cells.Of(step.Penalty));

    internal static StepRecord Read(SqliteDataReader row) => new(
        Cells.Integer(row, 0), Cells.Integer(row, 1), Cells.Number(row, 2), Cells.OptionalNumber(row, 3),
        Cells.Number(row, 4), Cells.OptionalNumber(row, 5), Cells.OptionalNumber(row, 6), Cells.OptionalNumber(row, 7))
    {
        // Runs written before regularisers were recorded lack the column.
        Penalty = row.FieldCount <= PenaltyColumn ? null : Cells.OptionalNumber(row, PenaltyColumn),
    };
}
