namespace GradFlow.Experiments.Tests;

public sealed class CsvTests
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "t.csv");

    private static readonly CsvSpec Regression = new() { Path = "t.csv", Target = ["y"], Scale = ColumnScaling.None };

    [Fact]
    public void Targets_are_kept_apart_from_inputs()
    {
        DataSplits table = Load(Regression, "a,y,\"b,c\"\n1,10,2\n3,30,4\r\n\n5,50,6\n7,70,\"8\"\n9,90,10\n");

        Dataset[] all = [table.Train, table.Validation, table.Test!];
        all.Sum(d => d.Count).ShouldBe(5);
        foreach (Dataset data in all)
        {
            data.InputShape.ShouldBe([2]);
            for (int i = 0; i < data.Count; i++)
            {
                data.Targets![i].ShouldBe(data.Inputs[2 * i] * 10);
                data.Targets[i].ShouldBe((data.Inputs[(2 * i) + 1] - 1) * 10);
            }
        }
    }

    [Fact]
    public void Several_targets_are_rows_and_classes_are_labels()
    {
        const string text = "a;y;z\n1;0;5\n2;1;6\n3;2;7\n4;0;8\n";

        Dataset two = Load(Regression with { Target = ["z", "y"] }, text).Train;
        Dataset labels = Load(Regression with { Classes = 3 }, text).Train;

        two.TargetSize.ShouldBe(2);
        two.Targets![0].ShouldBe(two.Inputs[0] + 4);
        (labels.Classes, labels.Targets).ShouldBe((3, null));
    }

    [Fact]
    public void Standard_scaling_is_learned_from_the_training_rows_per_column()
    {
        string text = "a,b,c,y\n" + string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i},{1000 + (i * i)},5,1"));

        DataSplits table = Load(Regression with { Scale = ColumnScaling.Standard }, text);

        for (int k = 0; k < 2; k++)
        {
            double[] column = [.. table.Train.Inputs.Where((_, i) => i % 3 == k).Select(x => (double)x)];
            column.Average().ShouldBe(0, 1e-6);
            column.Average(x => x * x).ShouldBe(1, 1e-5);
        }

        table.Train.Inputs.Where((_, i) => i % 3 == 2).ShouldAllBe(x => x == 0);
    }

    [Fact]
    public void A_split_has_the_same_test_rows_for_every_seed()
    {
        string text = "a,y\n" + string.Join('\n', Enumerable.Range(0, 50).Select(i => $"{i},{i}"));

        DataSplits one = Load(Regression, text, seed: 1), two = Load(Regression, text, seed: 2);

        two.Test!.Inputs.ShouldBe(one.Test!.Inputs);
        two.Validation.Inputs.ShouldNotBe(one.Validation.Inputs);
    }

    [Theory]
    [InlineData("", ": is empty, or a device or pipe; expected a CSV file")]
    [InlineData("\n", ":1: is empty; expected a header row with the columns' names")]
    [InlineData("a,y\n", ": has 0 rows of data; expected at least 3")]
    [InlineData("a,y\n1,2\n", ": has 1 row of data; expected at least 3")]
    [InlineData("a,,y\n", ":1: column 2 has no name; expected a header row")]
    [InlineData("a,y,a\n", ":1: two columns are called 'a'")]
    [InlineData("a,Y1\n", ":1: column 'y' is missing; expected one of: a, Y1")]
    [InlineData("y\n1\n", ":1: every column is a target; expected at least one input column")]
    [InlineData("a,y\n1,2\n1\n", ":3: has 1 cell; expected 2, as in the header")]
    [InlineData("a,y\n1,2,3\n", ":2: has 3 cells; expected 2, as in the header")]
    [InlineData("a,y\n1,2\nNaN,1\n", ":3: 'a' is 'NaN'; expected a finite number")]
    [InlineData("a,y\n1,2\n1,inf\n", ":3: 'y' is 'inf'; expected a finite number")]
    [InlineData("a,y\n1e99,2\n", ":2: 'a' is '1e99'; expected a finite number")]
    [InlineData("a,y\n1,\n", ":2: 'y' is empty; expected a finite number")]
    [InlineData("a,y\nred,1\n", ":2: 'a' is 'red'; expected a finite number")]
    [InlineData("a,y\n\"1,1\n", ":2: has a quote that isn't closed on its line")]
    [InlineData("a,y\n\"1\"2,1\n", ":2: has a quote that isn't closed on its line")]
    public void A_broken_table_is_named_by_line(string text, string expected) =>
        Message(Regression, text).ShouldBe(_path + expected);

    [Theory]
    [InlineData("a,y\n1,10\n2,20\n3,30")]
    [InlineData("a,y\r\n1,10\r\n\r\n2,20\r\n3,30\r\n")]
    [InlineData("a,y\r1,10\r2,20\r3,30\r")]
    public void Lines_end_as_on_any_system(string text)
    {
        DataSplits table = Load(Regression, text);

        new[] { table.Train, table.Validation, table.Test! }.SelectMany(d => d.Inputs).Order().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Lines_are_told_apart_across_the_reader_s_buffer()
    {
        string text = "a,y\r\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},{i}\r\n"));

        DataSplits table = Load(Regression, text);

        new[] { table.Train, table.Validation, table.Test! }.SelectMany(d => d.Targets!).Order()
            .ShouldBe(Enumerable.Range(0, 40_000).Select(i => (float)i));
    }

    [Fact]
    public void A_line_that_never_ends_is_refused()
    {
        string endless = new('0', (1 << 24) + 1);

        Message(Regression, endless).ShouldBe(_path + ":1: is longer than 16,777,216 characters; expected a CSV file");
        Message(Regression, "a,y\n" + endless).ShouldBe(
            _path + ":2: is longer than 16,777,216 characters; expected a CSV file");
    }

    [Fact]
    public void Devices_and_links_to_them_are_refused_unopened()
    {
        Assert.SkipUnless(System.IO.File.Exists("/dev/zero"), "the system has no /dev/zero");
        System.IO.File.CreateSymbolicLink(_path, "/dev/zero");
        const string refusal = ": is empty, or a device or pipe; expected a CSV file";

        LoadMessage(Regression, Path.GetDirectoryName(_path)!).ShouldBe(_path + refusal);
        LoadMessage(Regression with { Path = "/dev/zero" }, "/").ShouldBe("/dev/zero" + refusal);
    }

    [Fact]
    public void A_link_to_a_table_is_followed()
    {
        string folder = Path.GetDirectoryName(_path)!;
        System.IO.File.WriteAllText(Path.Combine(folder, "real.csv"), "a,y\n1,1\n2,2\n3,3\n");
        System.IO.File.CreateSymbolicLink(_path, "real.csv");

        TaskData.Load(Regression, folder, 1, 0.25).Test!.Count.ShouldBe(1);
    }

    [Fact]
    public void Names_without_end_are_cut_in_messages() =>
        Message(Regression, new string('y', 1000) + ",b\n1,2\n").ShouldBe(
            $"{_path}:1: column 'y' is missing; expected one of: {new string('y', 40)}…, b");

    [Fact]
    public void A_column_is_missed_among_nothing_but_endless_names() =>
        Message(Regression, new string('y', 1000) + "\n1\n").ShouldBe(
            $"{_path}:1: column 'y' is missing; expected one of: {new string('y', 40)}…");

    [Theory]
    [InlineData("3")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("NaN")]
    public void Labels_out_of_range_are_named_by_line(string label) =>
        Message(Regression with { Classes = 3 }, $"a,y\n1,2\n1,{label}\n").ShouldBe(
            $"{_path}:3: label 'y' is '{label}'; expected a whole number from 0 to 2");

    [Fact]
    public void A_missing_file_a_folder_and_binary_content_are_named()
    {
        string folder = Path.GetDirectoryName(_path)!;

        LoadMessage(Regression, folder).ShouldBe(_path + ": no such file; expected a CSV file");
        LoadMessage(Regression with { Path = $"../../{Regression.Path}" }, Path.Combine(folder, "runs", "first"))
            .ShouldBe(_path + ": no such file; expected a CSV file", "as a run's own copy of the experiment has it");
        Directory.CreateDirectory(_path);
        LoadMessage(Regression, folder).ShouldBe(_path + ": is a folder; expected a CSV file");
        Directory.Delete(_path);
        System.IO.File.WriteAllBytes(_path, [0xFF, 0xD8, 0xFF, 0xE0]);
        LoadMessage(Regression, folder).ShouldBe(_path + ":1: is not UTF-8 text; expected a CSV file");
        System.IO.File.WriteAllBytes(_path, [.. "a,y\r\n1,2\r\n"u8, 0xE4, .. ",3\r\n4,5\r\n"u8]);
        LoadMessage(Regression, folder).ShouldBe(_path + ":3: is not UTF-8 text; expected a CSV file");
    }

    private DataSplits Load(CsvSpec spec, string text, long seed = 1)
    {
        System.IO.File.WriteAllText(_path, text);
        return TaskData.Load(spec, Path.GetDirectoryName(_path)!, seed, 0.25);
    }

    private string Message(CsvSpec spec, string text) =>
        Should.Throw<InvalidExperimentException>(() => Load(spec, text)).Message;

    private static string LoadMessage(CsvSpec spec, string folder) =>
        Should.Throw<InvalidExperimentException>(() => TaskData.Load(spec, folder, 1, 0.25)).Message;
}
