namespace GradFlow.Runs.Tests;

public sealed class RunFolderTests : TemporaryFolder
{
    private static readonly ManualTime Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Theory]
    [InlineData("deep-sigmoid", "20260304-050607-deep-sigmoid")]
    [InlineData("  My Net / größe: v2!", "20260304-050607-my-net-gr-e-v2")]
    [InlineData("../..", "20260304-050607-run")]
    public void A_folder_is_named_by_time_and_experiment(string name, string expected) =>
        RunFolder.Create(Folder, name, Time).Path.ShouldBe(In(expected));

    [Fact]
    public void Runs_of_the_same_second_get_a_number()
    {
        string Name() => Path.GetFileName(RunFolder.Create(In("runs"), "a", Time).Path);
        string[] names = [Name(), Name(), Name()];
        names.ShouldBe(["20260304-050607-a", "20260304-050607-a-2", "20260304-050607-a-3"]);
        Directory.GetFileSystemEntries(In("runs")).Length.ShouldBe(3);
    }

    [Fact]
    public void Runs_that_begin_at_once_never_share_a_folder()
    {
        var paths = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 50, _ => paths.Add(RunFolder.Create(Folder, "a", Time).Path));
        paths.Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public void The_repaired_run_is_a_folder_of_its_own_inside()
    {
        RunFolder folder = RunFolder.At(In("r"));
        folder.Database.ShouldBe(In("r/run.db"));
        folder.Repaired.Checkpoint.ShouldBe(In("r/repaired/checkpoint.safetensors"));
    }
}
