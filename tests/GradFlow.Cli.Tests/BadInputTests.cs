using System.Text;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary>Whatever is wrong with what a person gives is one line that says so, and exit code 2.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static readonly Dictionary<string, (Func<Scratch, string> File, string Expected)> Experiments = new()
    {
        ["missing"] = (s => s.At("none.yaml"), "no such file"),
        ["folder"] = (s => s.Folder, "is a folder"),
        ["empty"] = (s => s.Write("x.yaml", ""), "x.yaml"),
        ["malformed"] = (s => s.Write("x.yaml", "name: [\nmodel: }"), "x.yaml:"),
        ["binary"] = (s => s.Write("x.yaml", [0, 1, 2, 3, 255]), "text"),
        ["enormous"] = (s => s.Write("x.yaml", "name: " + new string('x', 2_000_000)), "larger than"),
        ["deeply nested"] = (s => s.Write("x.yaml", new string('[', 50_000)), "x.yaml"),
        ["unknown key"] = (s => s.WriteExperiment(training: "steps: 5, bach: 4"), "did you mean 'batch'"),
        ["unknown layer"] = (s => s.WriteExperiment(layers: "linear: 4}, {linaer: 2"), "did you mean 'linear'"),
        ["wrong type"] = (s => s.WriteExperiment(training: "steps: many"), "many"),
        ["no end"] = (s => s.WriteExperiment(training: "batch: 4"), "epochs"),
        ["branch of another width"] = (
            s => s.WriteExperiment(layers: "linear: 4}, {residual: [{linear: 3}]}, {linear: 2"), "branch"),
        ["too many outputs"] = (s => s.WriteExperiment(layers: "linear: 1"), "small.yaml"),
        ["impossibly large net"] = (
            s => s.WriteExperiment(layers: "repeat: { times: 1000000000, layers: [{linear: 1000000000}] }"),
            "small.yaml"),
        ["missing images"] = (
            s => s.WriteExperiment("mnist: { path: nowhere }", "linear: 10"), "small.yaml:3: mnist: "),
        ["label beyond the classes"] = (s => OnImages(s, images: 60, classes: 12), "out of range"),
        ["truncated images"] = (s => OnImages(s, images: 60, bytesMissing: 100), "train-images"),
        ["empty images"] = (s => OnImages(s, images: 0), "images"),
        ["missing table"] = (s => OnTable(s, null), "table.csv: no such file"),
        ["missing table, by its line"] = (s => OnTable(s, null), "small.yaml:3: csv: "),
        ["empty table"] = (s => OnTable(s, ""), "table.csv"),
        ["table without rows"] = (s => OnTable(s, "x0,x1,y\n"), "table.csv"),
        ["NaN in a table"] = (s => OnTable(s, Rows("0.5,nan,1")), "table.csv:"),
        ["text in a table"] = (s => OnTable(s, Rows("0.5,tall,1")), "tall"),
        ["label beyond the classes in a table"] = (s => OnTable(s, Rows("0.5,0.5,7")), "7"),
        ["short row"] = (s => OnTable(s, Rows("0.5,1")), "table.csv:"),
        ["no target column"] = (s => OnTable(s, "x0,x1,z\n1,2,0\n"), "'y'"),
    };

    public static TheoryData<string, string> BadExperiments() =>
        [.. Experiments.Keys.SelectMany(name => new[] { "doctor", "inspect", "train" }.Select(verb => (verb, name)))];

    [Theory]
    [MemberData(nameof(BadExperiments))]
    public void Bad_experiments_and_data_are_one_line(string verb, string what)
    {
        (Func<Scratch, string> file, string expected) = Experiments[what];
        string[] args = [verb, file(_scratch), .. verb == "inspect" ? Array.Empty<string>() : ["--out", _scratch.Runs]];
        ShouldBeOneLine(Invocation.Of(args), expected);
        Directory.Exists(_scratch.Runs).ShouldBeFalse();
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("inspect")]
    [InlineData("train")]
    public void What_has_no_effect_is_said_in_a_line_each(string verb)
    {
        string file = _scratch.WriteExperiment(training: "steps: 5, batch: 100000, truncate: 4");
        string[] args = [verb, file, .. verb == "inspect" ? Array.Empty<string>() : ["--out", _scratch.Runs]];
        IReadOnlyList<string> said = Invocation.Of(args).ErrorLines;
        said.Count(line => line.StartsWith($"{file}:7: training.truncate has no effect", StringComparison.Ordinal))
            .ShouldBe(1);
        said.Count(line => line.StartsWith($"{file}:7: training.batch is 100,000, but", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    private static readonly Dictionary<string, (Func<Scratch, string> Run, string Expected)> Runs = new()
    {
        ["missing"] = (s => s.At("none"), "no such file or folder"),
        ["folder without a run"] = (s => s.Folder, "holds no run"),
        ["text"] = (s => s.Write("run.db", "hello"), "run.db"),
        ["damaged"] = (s => s.Write("run.db", [.. "SQLite format 3\0"u8, .. new byte[4000]]), "run.db"),
        ["cut off"] = (CutOff, "run.db"),
        ["JSON that is no run"] = (s => s.Write("run.jsonl", "{\"a\": 1}\n"), "run.jsonl"),
        ["experiment"] = (s => s.WriteExperiment(), "small.yaml: an experiment file, and no run; train it first"),
        ["empty file"] = (s => s.Write("run.jsonl", ""), "run.jsonl"),
    };

    public static TheoryData<string, string> BadRuns() =>
        [.. Runs.Keys.SelectMany(name => new[] { "diagnose", "report" }.Select(verb => (verb, name)))];

    [Theory]
    [MemberData(nameof(BadRuns))]
    public void Bad_runs_are_one_line(string verb, string what)
    {
        (Func<Scratch, string> run, string expected) = Runs[what];
        ShouldBeOneLine(Invocation.Of(verb, run(_scratch)), expected);
    }

    [Theory]
    [InlineData("'docter' is no verb; did you mean 'doctor'?", "docter", "x.yaml")]
    [InlineData("'xyz' is no verb; expected one of: doctor, inspect", "xyz")]
    [InlineData("'--json' is no verb", "--json")]
    [InlineData("'xyz' is no verb", "xyz", "--help")]
    [InlineData("no option '--jsn'; did you mean '--json'?", "doctor", "--jsn", "x.yaml")]
    [InlineData("no option '--epochs'; expected one of: --seed", "train", "x.yaml", "--epochs=4")]
    [InlineData("FILE is missing; expected an experiment file", "doctor")]
    [InlineData("RUN is missing; expected a recorded run", "report", "--json")]
    [InlineData("FILE is empty", "inspect", "")]
    [InlineData("RUN is empty", "diagnose", "")]
    [InlineData("'b.yaml' is one too many; expected one FILE", "doctor", "a.yaml", "b.yaml")]
    [InlineData("--seed is 'seven'; expected a whole number", "doctor", "a.yaml", "--seed", "seven")]
    [InlineData("--seed is '-1'; expected a whole number", "doctor", "a.yaml", "--seed", "-1")]
    [InlineData("--seed is '99999999999'; expected a whole number", "doctor", "a.yaml", "--seed", "99999999999")]
    [InlineData("--seed has no value; expected --seed N", "doctor", "a.yaml", "--seed")]
    [InlineData("--seed is given more than once", "doctor", "a.yaml", "--seed", "1", "--seed", "2")]
    public void Command_lines_that_say_nothing_possible_are_one_line(string expected, params string[] args) =>
        ShouldBeOneLine(Invocation.Of(args), expected);

    [Fact]
    public void Data_given_to_a_task_that_draws_its_own_are_refused() =>
        ShouldBeOneLine(
            Invocation.Of("doctor", _scratch.WriteExperiment(), "--data", "x", "--out", _scratch.Runs), "drawn");

    [Fact]
    public void A_place_that_cannot_be_written_is_one_line()
    {
        string file = _scratch.Write("file", ""), experiment = _scratch.WriteExperiment();
        string run = _scratch.At("run.db");
        RunWriter.Save(run, new SyntheticRun().Build());
        ShouldBeOneLine(Invocation.Of("train", experiment, "--out", Path.Combine(file, "runs")), "file");
        ShouldBeOneLine(Invocation.Of("doctor", experiment, "--out", Path.Combine(file, "runs")), "file");
        ShouldBeOneLine(Invocation.Of("report", run, "--out", Path.Combine(file, "page.html")), "file");
        ShouldBeOneLine(Invocation.Of("train", experiment, "--out", ""), "--out is empty");
        ShouldBeOneLine(Invocation.Of("train", experiment, "--out", file), "a file; expected a folder for runs");
        ShouldBeOneLine(Invocation.Of("train", experiment, "--out", Path.Combine(file, "runs")), "--out is");
        ShouldBeOneLine(Invocation.Of("report", run, "--out", Path.Combine(file, "page.html")), "--out FILE");
    }

    [Fact]
    public void A_fault_of_the_program_is_one_line_and_has_a_code_of_its_own()
    {
        (int code, string line) = Failure.Describe(new InvalidOperationException("first\nsecond"));
        code.ShouldBe(ExitCode.Fault);
        line.ShouldNotContain("\n");
        line.ShouldContain("InvalidOperationException: first second");
    }

    public void Dispose() => _scratch.Dispose();

    private static void ShouldBeOneLine(Invocation invocation, string expected)
    {
        invocation.Code.ShouldBe(2, invocation.Error);
        invocation.Output.ShouldBeEmpty();
        string line = invocation.ErrorLines.ShouldHaveSingleItem();
        line.ShouldContain(expected);
        line.Length.ShouldBeInRange(10, 500);
        line.ShouldNotContain("Exception");
    }

    private static string OnImages(Scratch scratch, int images, int classes = 10, int bytesMissing = 0)
    {
        scratch.WriteImages("digits", images, classes, bytesMissing);
        return scratch.WriteExperiment("mnist: { path: digits }", "linear: 10");
    }

    private static string OnTable(Scratch scratch, string? text)
    {
        if (text is not null) scratch.Write("table.csv", text);
        return scratch.WriteExperiment("csv: { path: table.csv, target: y, classes: 2 }");
    }

    /// <summary>A table with a good many rows and one more.</summary>
    private static string Rows(string last)
    {
        var text = new StringBuilder("x0,x1,y\n");
        for (int i = 0; i < 40; i++) text.Append(i).Append(",0.5,").Append(i % 2).Append('\n');
        return text.Append(last).Append('\n').ToString();
    }

    private static string CutOff(Scratch scratch)
    {
        string path = scratch.At("run.db");
        RunWriter.Save(path, new SyntheticRun().Build());
        byte[] bytes = File.ReadAllBytes(path);
        return scratch.Write("run.db", bytes[..(bytes.Length / 3)]);
    }
}
