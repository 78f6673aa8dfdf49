using Microsoft.Data.Sqlite;

namespace GradFlow.Runs.Tests;

public sealed class RunStoreTests : TemporaryFolder
{
    private string Database => In("run.db");

    [Theory]
    [InlineData("free-run")]
    [InlineData("pretraining")]
    public void Every_kind_of_judgement_is_read_again(string split)
    {
        var judged = new Evaluation(0, 0, split, 1.5, null, 40);
        RunWriter.Save(In("run.db"), SampleRun.Build() with { Evaluations = [judged] });
        RunReader.Load(In("run.db")).Evaluations.ShouldBe([judged]);
    }

    [Fact]
    public void A_run_with_every_kind_of_record_comes_back_as_it_was()
    {
        Run run = SampleRun.Build();
        RunWriter.Save(Database, run);
        RunReader.Load(Database).ShouldHoldTheSameAs(run);
        RunReader.Load(Folder).ShouldHoldTheSameAs(run);
    }

    [Fact]
    public void Random_runs_come_back_as_they_were()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Run run = new RandomRun(seed).Build();
            RunWriter.Save(In($"{seed}.db"), run);
            RunReader.Load(In($"{seed}.db")).ShouldHoldTheSameAs(run);
        }
    }

    [Fact]
    public void A_run_of_before_columns_were_added_is_read_and_added_to()
    {
        Run run = SampleRun.Build();
        RunWriter.Save(Database, run);
        Execute("ALTER TABLE frames DROP COLUMN through_time");
        Execute("ALTER TABLE steps DROP COLUMN penalty");

        RunReader.Load(Database).ShouldHoldTheSameAs(run);
        Frame later = run.Frames[0] with { Step = 100, ThroughTime = [] };
        using (RunWriter writer = RunWriter.Open(Database))
        {
            writer.Add(later);
            writer.Add(run.Steps[^1] with { Step = 100, Penalty = 0.25 });
            writer.Set(new RunEnd("interrupted", 1, null));
        }
        Run grown = RunReader.Load(Database);
        grown.Frames.Select(frame => frame.ThroughTime?.Count).ShouldBe([.. run.Frames.Select(_ => (int?)null), 0]);
        grown.Steps.Select(step => step.Penalty).ShouldBe([.. run.Steps.Select(_ => (double?)null), 0.25]);
        grown.End!.Reason.ShouldBe("interrupted");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_is_resumed_holds_what_came_before_the_step(int step)
    {
        Run run = SampleRun.Build() with
        {
            Evaluations =
            [
                Judged(0, "pretraining"), Judged(9, "pretraining"), Judged(0, "validation"), Judged(2, "validation"),
                Judged(3, "test"), Judged(0, "free-run"), Judged(4, "validation"),
            ],
            NonFinite = new NonFiniteOrigin(2, "forward", "linear-1", "affine", "nan"),
            End = new RunEnd("completed", 1, null),
        };
        RunWriter.Save(Database, run);
        using (RunWriter writer = RunWriter.Resume(Database, step))
        {
            RunReader.Load(Database).ShouldHoldTheSameAs(run with
            {
                Steps = [.. run.Steps.Where(s => s.Step < step)],
                Frames = [.. run.Frames.Where(f => f.Step < step)],
                Evaluations =
                [
                    .. run.Evaluations.Where(
                        e => e.Split == "pretraining" || (e.Split == "validation" && e.Step <= step)),
                ],
                NonFinite = step > 2 ? run.NonFinite : null,
                Diagnosis = null,
                Repair = null,
                ByLength = null,
                Order = null,
                End = null,
            });
            foreach (StepRecord record in run.Steps.Skip(step)) writer.Add(record);
        }
        RunReader.Load(Database).Steps.ShouldBe(run.Steps);
    }

    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(5, new[] { 0, 5 })]
    public void A_run_that_goes_on_before_its_training_holds_what_that_phase_had_come_to(int pretrained, int[] kept)
    {
        RunWriter.Save(Database, SampleRun.Build() with
        {
            Evaluations =
            [
                Judged(0, "pretraining"), Judged(5, "pretraining"), Judged(10, "pretraining"), Judged(0, "validation"),
            ],
        });

        RunWriter.Resume(Database, 0, pretrained).Dispose();

        Run run = RunReader.Load(Database);
        run.Evaluations.ShouldBe(kept.Select(step => Judged(step, "pretraining")));
        run.Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_finished_run_is_one_file_and_can_be_read_where_nothing_can_be_written()
    {
        RunWriter.Save(Database, SampleRun.Build());
        Directory.GetFiles(Folder).ShouldBe([Database]);
        File.SetAttributes(Database, FileAttributes.ReadOnly);
        RunReader.Load(Database).End.ShouldNotBeNull();
    }

    [Fact]
    public void A_run_that_can_only_be_read_is_said_to_be_so_and_not_to_be_damaged()
    {
        RunWriter.Save(Database, SampleRun.Build());
        byte[] bytes = File.ReadAllBytes(Database);
        // The version that writes: of one above 2, SQLite only reads, whoever asks.
        bytes[18] = 3;
        File.WriteAllBytes(Database, bytes);
        RunReader.Load(Database).End.ShouldNotBeNull();
        Should.Throw<InvalidRunException>(() => RunWriter.Resume(Database, 1)).Message
            .ShouldStartWith($"{Database}: cannot be written (attempt to write a readonly database); expected a place");
    }

    [Fact]
    public void Readers_see_what_is_committed_while_the_writer_goes_on()
    {
        Run run = SampleRun.Build();
        using RunWriter writer = RunWriter.Create(Database, run.Header, new ManualTime(default));
        RunReader.Load(Database).Steps.ShouldBeEmpty();
        writer.Add(run.Steps[0]);
        RunReader.Load(Database).Steps.ShouldBeEmpty();
        writer.Flush();
        RunReader.Load(Database).Steps.ShouldBe([run.Steps[0]]);
        writer.Add(run.Steps[1]);
        RunReader.Load(Database).Steps.Count.ShouldBe(1);
    }

    [Fact]
    public void Records_are_committed_within_a_second_even_if_nothing_follows()
    {
        var time = new ManualTime(default);
        Run run = SampleRun.Build();
        using RunWriter writer = RunWriter.Create(Database, run.Header, time);
        time.Advance(TimeSpan.FromSeconds(0.4));
        writer.Add(run.Steps[0]);
        time.Advance(TimeSpan.FromSeconds(1));
        RunReader.Load(Database).Steps.Count.ShouldBe(1);
    }

    [Fact]
    public void A_diagnosis_can_be_added_to_a_recorded_run_and_replaced()
    {
        Run run = SampleRun.Build();
        RunWriter.Save(Database, run with { Diagnosis = null, Repair = null });
        using (RunWriter writer = RunWriter.Open(Database)) writer.Set(run.Diagnosis!);
        using (RunWriter writer = RunWriter.Open(Database))
        {
            writer.Set(run.Diagnosis! with { Findings = [] });
            writer.Set(run.Repair!);
        }
        Run back = RunReader.Load(Database);
        back.Diagnosis!.Findings.ShouldBeEmpty();
        back.Repair.ShouldNotBeNull();
        back.Steps.Count.ShouldBe(run.Steps.Count);
    }

    [Fact]
    public void Reading_does_not_stop_the_writer_from_ending()
    {
        using RunWriter writer = RunWriter.Create(Database, SampleRun.Build().Header);
        using var reader = new SqliteConnection($"Data Source={Database};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using SqliteTransaction state = reader.BeginTransaction(deferred: true);
        using SqliteCommand count = reader.CreateCommand();
        count.CommandText = "SELECT count(*) FROM steps";
        count.ExecuteScalar().ShouldBe(0L);
        writer.Add(SampleRun.Build().Steps[0]);
        writer.Dispose();
        count.ExecuteScalar().ShouldBe(0L);
        RunReader.Load(Database).Steps.Count.ShouldBe(1);
    }

    [Fact]
    public void There_is_one_writer_at_a_time()
    {
        using RunWriter writer = RunWriter.Create(Database, SampleRun.Build().Header);
        Should.Throw<InvalidRunException>(() => RunWriter.Open(Database)).Message
            .ShouldContain("another process is writing");
    }

    [Fact]
    public void A_run_is_never_written_over()
    {
        RunWriter.Save(Database, SampleRun.Build());
        Should.Throw<IOException>(() => RunWriter.Create(Database, SampleRun.Build().Header));
    }

    [Fact]
    public void What_does_not_fit_the_run_is_refused_when_it_is_added()
    {
        Run run = SampleRun.Build();
        using RunWriter writer = RunWriter.Create(Database, run.Header);
        writer.Add(run.Steps[1]);
        Should.Throw<ArgumentException>(() => writer.Add(run.Steps[0])).Message.ShouldContain("step 0 after step 1");
        Frame frame = run.Frames[0] with { CutNorms = [1, 2] };
        Should.Throw<ArgumentException>(() => writer.Add(frame)).Message
            .ShouldContain("cutNorms has 2 entries; expected 5, one for each of the structure's cuts");
        writer.Dispose();
        Should.Throw<ObjectDisposedException>(() => writer.Add(run.Steps[2]));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Evaluation Judged(int step, string split) => new(step, 0, split, 1, null, 8);
}
