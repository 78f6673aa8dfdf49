using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>A prepared statement that adds a row to a table, given all of its columns in order.</summary>
internal sealed class Insertion : IDisposable
{
    private readonly SqliteCommand _command;

    internal Insertion(SqliteConnection connection, string table, string columns, string verb = "INSERT")
    {
        _command = connection.CreateCommand();
        int count = columns.Split(',').Length;
        for (int i = 0; i < count; i++) _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        string parameters = string.Join(", ", Enumerable.Range(0, count).Select(i => $"${i}"));
        _command.CommandText = $"{verb} INTO {table} VALUES ({parameters})";
        _command.Prepare();
    }

    internal void Add(params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i];
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
