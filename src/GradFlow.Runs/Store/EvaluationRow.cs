using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>An evaluation as a row of the table <c>evaluations</c>.</summary>
internal static class EvaluationRow
{
    internal const string Columns =
        "id INTEGER PRIMARY KEY, step INTEGER NOT NULL, epoch REAL NOT NULL, split TEXT NOT NULL, loss REAL NOT NULL, "
        + "metric REAL, samples INTEGER NOT NULL";

    internal static void Insert(Insertion into, Evaluation evaluation) => into.Add(
        DBNull.Value, evaluation.Step, Cells.Of(evaluation.Epoch), evaluation.Split, Cells.Of(evaluation.Loss),
        Cells.Of(evaluation.Metric), evaluation.Samples);

    internal static Evaluation Read(SqliteDataReader row) => new(
        Cells.Integer(row, 1), Cells.Number(row, 2), Cells.Text(row, 3), Cells.Number(row, 4),
        Cells.OptionalNumber(row, 5), Cells.Integer(row, 6));
}
