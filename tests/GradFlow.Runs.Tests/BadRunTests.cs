using Microsoft.Data.Sqlite;

namespace GradFlow.Runs.Tests;

public sealed class BadRunTests : TemporaryFolder
{
    private string Database => In("run.db");

    [Fact]
    public void A_path_with_nothing_there_is_said_to_be_so() =>
        Failure(In("nowhere")).ShouldContain("no such file or folder");

    [Fact]
    public void A_folder_without_a_run_is_said_to_be_so() => Failure(Folder).ShouldContain("holds no run");

    [Theory]
    [InlineData("")]
    [InlineData("step,loss\n0,2.3\n")]
    [InlineData("SQLite format 3\0 but not really")]
    public void A_foreign_file_is_refused(string content)
    {
        File.WriteAllText(Database, content);
        Failure(Database);
    }

    [Fact]
    public void A_damaged_database_is_said_to_be_so_without_the_store_s_own_numbers() =>
        Damaged([.. "SQLite format 3\0"u8, .. new byte[4000]]).ShouldEndWith(
            "the run is damaged (file is not a database); use a copy, or record it again");

    private string Damaged(byte[] content)
    {
        File.WriteAllBytes(Database, content);
        return Failure(Database);
    }

    [Fact]
    public void A_foreign_database_is_refused()
    {
        Execute("CREATE TABLE steps (step INTEGER)");
        Failure(Database).ShouldContain("not a GradFlow run");
        Should.Throw<InvalidRunException>(() => RunWriter.Open(Database));
    }

    [Fact]
    public void A_later_format_asks_for_an_update()
    {
        RunWriter.Save(Database, SampleRun.Build());
        Execute("PRAGMA user_version = 2");
        Failure(Database).ShouldContain("written in format 2");
    }

    [Fact]
    public void Truncation_anywhere_is_either_harmless_or_one_clear_line()
    {
        Run run = SampleRun.Build();
        RunWriter.Save(Database, run);
        byte[] whole = File.ReadAllBytes(Database);
        for (int length = 0; length < whole.Length; length += 997)
        {
            File.WriteAllBytes(Database, whole[..length]);
            if (Attempt(Database) is { } survivor) survivor.ShouldHoldTheSameAs(run);
        }
    }

    [Fact]
    public void Damage_anywhere_is_either_harmless_or_one_clear_line()
    {
        RunWriter.Save(Database, SampleRun.Build());
        byte[] whole = File.ReadAllBytes(Database);
        var random = new Random(5);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = 0; k < 40; k++) damaged[random.Next(100, damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Database, damaged);
            Attempt(Database);
        }
    }

    [Theory]
    [InlineData("UPDATE steps SET loss = 'much'", "loss")]
    [InlineData("UPDATE frames SET cut_norms = x'0102'", "multiple of 8")]
    [InlineData("UPDATE frames SET cut_norms = x'0000000000000000'", "1 entry; expected 5")]
    [InlineData("UPDATE frames SET exponents = x'ffffff7f'", "histogram")]
    [InlineData("DELETE FROM records WHERE kind = 'header'", "no header")]
    [InlineData("UPDATE records SET json = '{}' WHERE kind = 'forecast'", "missing required")]
    [InlineData("DROP TABLE evaluations", "evaluations")]
    [InlineData("UPDATE evaluations SET split = 'dev'", "split \"dev\"; expected one of train, validation, test")]
    [InlineData("UPDATE records SET kind = 'ending' WHERE kind = 'end'", "unknown record \"ending\"")]
    [InlineData("UPDATE records SET json = json_set(json, '$.phase', 'sideward') WHERE kind = 'non-finite'",
        "non-finite: phase \"sideward\"; expected one of data, forward, backward, update")]
    [InlineData("UPDATE records SET json = json_set(json, '$.kind', 'big') WHERE kind = 'non-finite'",
        "non-finite: kind \"big\"; expected one of nan, inf")]
    [InlineData("UPDATE records SET json = json_set(json, '$.expectation', 'hopes') WHERE kind = 'forecast'",
        "forecast: expectation \"hopes\"; expected one of")]
    [InlineData("UPDATE records SET json = json_set(json, '$.status', 'so-so') WHERE kind = 'repair'",
        "repair: status \"so-so\"; expected one of")]
    [InlineData("UPDATE records SET json = json_set(json, '$.reason', 'bored') WHERE kind = 'end'",
        "end: reason \"bored\"; expected one of")]
    public void Wrong_contents_are_named(string change, string named)
    {
        RunWriter.Save(Database, SampleRun.Build());
        Execute(change);
        Failure(Database).ShouldContain(named);
    }

    private static string Failure(string path)
    {
        InvalidRunException error = Should.Throw<InvalidRunException>(() => RunReader.Load(path));
        ShouldBeOneClearLine(error, path);
        return error.Message;
    }

    private static Run? Attempt(string path)
    {
        try
        {
            return RunReader.Load(path);
        }
        catch (InvalidRunException error)
        {
            ShouldBeOneClearLine(error, path);
            return null;
        }
    }

    private static void ShouldBeOneClearLine(InvalidRunException error, string path)
    {
        error.Message.ShouldStartWith(path);
        error.Message.ShouldNotContain("\n");
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
