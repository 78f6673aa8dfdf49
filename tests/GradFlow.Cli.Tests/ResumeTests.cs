using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary><c>gradflow train --resume</c>, from the command line to the bits.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("run.db")]
    [InlineData("checkpoint.safetensors")]
    public void A_run_that_was_stopped_ends_in_the_bits_of_one_that_never_was(string named)
    {
        string file = WriteDemanding();
        Invocation.Of("train", file, "--out", _scratch.At("unbroken")).Code.ShouldBe(0);
        Invocation stopped = Invocation.StoppedAt("training", "train", file, "--out", _scratch.Runs);
        stopped.Code.ShouldBe(3, stopped.Error);
        stopped.Output.ShouldContain($"gradflow train --resume {_scratch.Run}");
        RunReader.Load(_scratch.Run).Steps.Count.ShouldBeInRange(1, 59);

        Invocation resumed = Invocation.Of("train", "--resume", Path.Combine(_scratch.Run, named));
        resumed.Code.ShouldBe(0, resumed.Error);
        resumed.Output.ShouldContain(_scratch.Run);
        ShouldBeAlike(_scratch.Run, Directory.GetDirectories(_scratch.At("unbroken")).ShouldHaveSingleItem());
    }

    [Fact]
    public void A_run_that_began_with_another_s_weights_goes_on_without_them()
    {
        string first = WriteDemanding();
        Invocation.Of("train", first, "--out", _scratch.At("first")).Code.ShouldBe(0);
        string other = Directory.GetDirectories(_scratch.At("first")).ShouldHaveSingleItem();
        string file = _scratch.Write("tuned.yaml", File.ReadAllText(first)
            .Replace("steps: 60", $"steps: 60, start-from: {other}", StringComparison.Ordinal));
        Invocation.Of("train", file, "--out", _scratch.At("unbroken")).Code.ShouldBe(0);
        Invocation.StoppedAt("training", "train", file, "--out", _scratch.Runs).Code.ShouldBe(3);
        Directory.Delete(other, recursive: true);

        Invocation resumed = Invocation.Of("train", "--resume", _scratch.Run);
        resumed.Code.ShouldBe(0, resumed.Error);
        ShouldBeAlike(_scratch.Run, Directory.GetDirectories(_scratch.At("unbroken")).ShouldHaveSingleItem());
    }

    [Fact]
    public void A_run_that_is_done_goes_on_beyond_its_plan()
    {
        string file = WriteDemanding();
        Invocation.Of("train", file, "--out", _scratch.At("unbroken"), "--steps", "83").Code.ShouldBe(0);
        Invocation.Of("train", file, "--out", _scratch.Runs).Code.ShouldBe(0);
        Invocation.Of("diagnose", _scratch.Run);

        Invocation resumed = Invocation.Of("train", "--resume", _scratch.Run, "--steps", "83", "--json");
        resumed.Code.ShouldBe(0, resumed.Error);
        ShouldBeAlike(_scratch.Run, Directory.GetDirectories(
            _scratch.At("unbroken")).ShouldHaveSingleItem(), isJudgedAlike: false);
        RunReader.Load(_scratch.Run).Diagnosis.ShouldBeNull("it was of a shorter training");
        RunReader.Load(_scratch.Run).Header.Plan.Steps.ShouldBe(83);
        ShouldBeOneLine(
            Invocation.Of("train", "--resume", _scratch.Run, "--steps", "70"),
            "has taken 83 steps already, which is more than 70; give more, such as --steps 166");
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_as_many_steps_as_were_asked_for()
    {
        Invocation.StoppedAt("training", "train", WriteDemanding(), "--out", _scratch.Runs, "--steps", "83")
            .Code.ShouldBe(3);
        Invocation resumed = Invocation.Of("train", "--resume", _scratch.Run);
        resumed.Code.ShouldBe(0, resumed.Error);
        RunReader.Load(_scratch.Run).Steps.Count.ShouldBe(83);
        resumed.Output.ShouldContain("83 steps in");
    }

    [Fact]
    public void The_time_is_that_of_all_parts()
    {
        Invocation.Of("train", WriteDemanding(), "--out", _scratch.Runs).Code.ShouldBe(0);
        RunEnd first = RunReader.Load(_scratch.Run).End!;
        Invocation.Of("train", "--resume", _scratch.Run, "--steps", "61").Code.ShouldBe(0);
        RunEnd both = RunReader.Load(_scratch.Run).End!;

        both.Seconds.ShouldBeGreaterThan(first.Seconds);
        (both.WatchShare * both.Seconds)!.Value.ShouldBeGreaterThan((first.WatchShare * first.Seconds)!.Value);
        both.TimedFrom.ShouldBeNull();
        RunNotes.Of(RunReader.Load(_scratch.Run) with { End = both with { Seconds = 7, TimedFrom = 60 } })[^1]
            .ShouldBe("61 steps, 1 of them in 7.0 s");
    }

    [Theory]
    [InlineData("steps: 60", "training", 15)]
    [InlineData("steps: 60, pretrain: 40", "pre-training", 15)]
    public void A_quick_run_that_was_stopped_stays_quick(string training, string stage, int steps)
    {
        string file = WritePretrained(training);
        Invocation.Of("train", file, "--out", _scratch.At("unbroken"), "--quick").Code.ShouldBe(0);
        Invocation.StoppedAt(stage, "train", file, "--out", _scratch.Runs, "--quick").Code.ShouldBe(3);

        Invocation resumed = Invocation.Of("train", "--resume", _scratch.Run);
        resumed.Code.ShouldBe(0, resumed.Error);
        resumed.Output.ShouldContain($"{steps} steps in");
        ShouldBeAlike(_scratch.Run, Directory.GetDirectories(_scratch.At("unbroken")).ShouldHaveSingleItem());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_stopped_while_pretraining_goes_on_there(bool startsFromAnother)
    {
        string file = WritePretrained("steps: 10, pretrain: 60");
        if (startsFromAnother)
        {
            Invocation.Of("train", file, "--out", _scratch.At("first")).Code.ShouldBe(0);
            string first = Directory.GetDirectories(_scratch.At("first")).ShouldHaveSingleItem();
            file = WritePretrained($"steps: 10, pretrain: 60, start-from: {first}");
        }
        Invocation.Of("train", file, "--out", _scratch.At("unbroken")).Code.ShouldBe(0);
        Invocation.StoppedAt("pre-training", "train", file, "--out", _scratch.Runs).Code.ShouldBe(3);
        if (startsFromAnother) Directory.Delete(_scratch.At("first"), recursive: true);

        ShouldBeOneLine(Invocation.Of("sample", _scratch.Run), "was stopped while pre-training");
        ShouldBeOneLine(
            Invocation.Of(
                "train", WritePretrained($"steps: 10, start-from: {_scratch.Run}"), "--out", _scratch.At("none")),
            "was stopped while pre-training, and its own training hasn't begun");
        Invocation resumed = Invocation.Of("train", "--resume", _scratch.Run);
        resumed.Code.ShouldBe(0, resumed.Error);
        ShouldBeAlike(_scratch.Run, Directory.GetDirectories(_scratch.At("unbroken")).ShouldHaveSingleItem());
    }

    [Fact]
    public void Text_that_a_pretraining_read_and_that_has_changed_since_is_refused()
    {
        string text = _scratch.Write("some.txt", string.Concat(Enumerable.Repeat("ab ", 200)));
        string file = WritePretrained(
            $"steps: 5, pretrain: {{ steps: 300, data: {{ text: {{ path: {text}, window: 10 }} }} }}",
            $"text: {{ path: {text}, window: 10 }}", 4, "gru: 4");
        Invocation stopped = Invocation.StoppedAt("pre-training", "train", file, "--out", _scratch.Runs);
        stopped.Code.ShouldBe(3, stopped.Error);
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("ba ", 200)));
        ShouldBeOneLine(Resume(_scratch.Run), $"was trained on other data than '{text}' now holds");
    }

    [Fact]
    public void Another_text_is_told_as_such_where_it_has_other_characters_too()
    {
        string text = _scratch.Write("some.txt", string.Concat(Enumerable.Repeat("ab ", 200)));
        string file = WritePretrained("steps: 5", $"text: {{ path: {text}, window: 10 }}", 4, "gru: 4");
        Invocation.Of("train", file, "--out", _scratch.Runs).Code.ShouldBe(0);
        string other = _scratch.Write("other.txt", string.Concat(Enumerable.Repeat("abcdef ", 200)));
        ShouldBeOneLine(
            ResumeTo(9, "--data", other), $"{_scratch.Run}: was trained on other data than '{other}' now holds");
    }

    [Fact]
    public void A_checkpoint_with_a_flipped_byte_is_refused_and_nothing_recorded_is_touched()
    {
        Invocation.StoppedAt("training", "train", WriteDemanding(), "--out", _scratch.Runs).Code.ShouldBe(3);
        RunFolder folder = RunFolder.At(_scratch.Run);
        byte[] whole = File.ReadAllBytes(folder.Checkpoint), records = File.ReadAllBytes(folder.Database);
        byte[] broken = [.. whole];
        broken[^9] ^= 16;
        File.WriteAllBytes(folder.Checkpoint, broken);

        ShouldBeOneLine(Resume(folder.Path), $"{folder.Checkpoint}: is damaged");
        File.ReadAllBytes(folder.Database).ShouldBe(records);
        File.WriteAllBytes(folder.Checkpoint, whole);
        Resume(folder.Path).Code.ShouldBe(0);
    }

    [Fact]
    public void What_cannot_go_on_is_one_line_and_stays_as_it_is()
    {
        Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs).Code.ShouldBe(0);
        RunFolder folder = RunFolder.At(_scratch.Run);
        string before = RunJson.Serialize(RunReader.Load(folder.Path)),
            experiment = File.ReadAllText(folder.Experiment);

        Refused($"{folder.Path}: has taken 60 of 60 steps; give more, such as --steps 120");
        File.WriteAllText(folder.Experiment, experiment.Replace("lr: 0.1", "lr: 0.2", StringComparison.Ordinal));
        Refused($"{folder.Experiment}: has changed since the run: 'optimizer.sgd.lr' was '0.1' and is '0.2'", "--steps",
            "70");
        File.WriteAllText(folder.Experiment, experiment);
        Safetensors.Write(folder.Checkpoint, [], new Dictionary<string, string> { ["step"] = "30" });
        Refused($"{folder.Path}: has a checkpoint of another net");
        File.WriteAllText(folder.Checkpoint, "no tensors");
        Refused(folder.Checkpoint);
        File.Delete(folder.Checkpoint);
        Refused($"{folder.Path}: holds no checkpoint.safetensors");
        RunJson.Serialize(RunReader.Load(folder.Path)).ShouldBe(before);

        void Refused(string line, params string[] more) =>
            ShouldBeOneLine(Invocation.Of(["train", "--resume", folder.Path, .. more]), line);
    }

    [Fact]
    public void A_run_whose_data_have_changed_is_refused()
    {
        string digits = TrainOnDigits();
        _scratch.WriteImages("digits", images: 90);
        ShouldBeOneLine(ResumeTo(8), "expected the data as they were");

        _scratch.WriteImages("digits", images: 60);
        string[] files = Directory.GetFiles(digits);
        files.Length.ShouldBe(2, "a last pixel and a last label become others");
        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(file, [.. bytes.SkipLast(1), (byte)(bytes[^1] ^ 1)]);
            ShouldBeOneLine(ResumeTo(8), $"{_scratch.Run}: was trained on other data than");
            File.WriteAllBytes(file, bytes);
        }
        ResumeTo(8).Code.ShouldBe(0);
    }

    [Fact]
    public void A_checkpoint_that_says_nothing_of_its_data_goes_on()
    {
        TrainOnDigits();
        string path = RunFolder.At(_scratch.Run).Checkpoint;
        TrainingState state = Checkpoints.Load(path);
        state.DataFingerprint.ShouldNotBeNull();
        Checkpoints.Save(path, state with { DataFingerprint = null });
        Checkpoints.Load(path).DataFingerprint.ShouldBeNull();
        ResumeTo(8).Code.ShouldBe(0);
    }

    [Fact]
    public void A_run_whose_data_have_moved_is_told_where()
    {
        string digits = TrainOnDigits(), moved = _scratch.At("moved");
        Directory.Move(digits, moved);
        ResumeTo(8).Code.ShouldBe(2);
        Invocation told = ResumeTo(8, "--data", moved);
        told.Code.ShouldBe(0, told.Error);
        RunReader.Load(_scratch.Run).Steps.Count.ShouldBe(8);

        _scratch.WriteImages("moved", images: 60, classes: 9);
        ShouldBeOneLine(ResumeTo(9, "--data", moved), $"was trained on other data than '{moved}' now holds");
    }

    [Fact]
    public void Data_that_are_drawn_lie_nowhere_else()
    {
        Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs).Code.ShouldBe(0);
        Checkpoints.Load(RunFolder.At(_scratch.Run).Checkpoint).DataFingerprint.ShouldBeNull("the experiment decides");
        ShouldBeOneLine(
            ResumeTo(70, "--data", "elsewhere"),
            "its data are 'blobs', which are drawn; --data takes mnist, csv or text");
    }

    [Fact]
    public void A_place_that_is_no_run_is_refused()
    {
        string file = _scratch.WriteExperiment();
        ShouldBeOneLine(Resume(file), $"--resume is '{file}'; expected the folder of a run");
        ShouldBeOneLine(Resume(_scratch.At("none")), "expected the folder of a run");
        ShouldBeOneLine(Resume(_scratch.Folder), "the folder holds no run");
        ShouldBeOneLine(Resume(""), "expected the folder of a run");
    }

    [Theory]
    [InlineData("repaired", "doctor")]
    [InlineData("early-stop", "early stopping")]
    [InlineData("non-finite", "NaN")]
    [InlineData("foreign", "was recorded elsewhere")]
    public void Runs_with_nothing_left_to_train_are_refused(string kind, string expected)
    {
        Run run = SyntheticRepair.Repaired() with { Repair = null };
        run = run with { Header = run.Header with { Experiment = "name: x" } };
        string folder = _scratch.At("some-run");
        RunWriter.Save(RunFolder.At(folder).Database, kind switch
        {
            "repaired" => run with { Repair = SyntheticRepair.Sick().Repair.ShouldNotBeNull() },
            "foreign" => run with { Header = run.Header with { Experiment = null } },
            _ => run with { End = new RunEnd(kind, 1, null) },
        });
        File.WriteAllText(RunFolder.At(folder).Checkpoint, "");
        ShouldBeOneLine(Resume(folder), expected);
    }

    [Theory]
    [InlineData("FILE is 'other.yaml'", "other.yaml")]
    [InlineData("--seed is for a new training", "--seed", "3")]
    [InlineData("--quick is for a new training", "--quick")]
    [InlineData("--out is for a new training", "--out", "elsewhere")]
    [InlineData("--steps is 'more'", "--steps", "more")]
    [InlineData("--steps is '0'", "--steps", "0")]
    public void A_run_goes_on_as_it_began(string expected, params string[] more) =>
        ShouldBeOneLine(Invocation.Of(["train", "--resume", _scratch.Folder, .. more]), expected);

    [Fact]
    public void A_training_needs_a_file_or_a_run_and_one_length()
    {
        ShouldBeOneLine(
            Invocation.Of("train"), "FILE is missing; expected an experiment file, such as my-net.yaml, or --resume");
        ShouldBeOneLine(
            Invocation.Of("train", _scratch.WriteExperiment(), "--quick", "--steps", "7"), "--quick and --steps");
    }

    /// <summary>Takes 4 steps on images, and tells where those lie.</summary>
    private string TrainOnDigits()
    {
        string digits = _scratch.WriteImages("digits", images: 60);
        string file = _scratch.WriteExperiment(
            $"mnist: {{ path: {digits} }}", "flatten: {}}, {linear: 10", "steps: 4, batch: 8");
        Invocation.Of("train", file, "--out", _scratch.Runs).Code.ShouldBe(0);
        return digits;
    }

    private Invocation ResumeTo(int steps, params string[] more) =>
        Invocation.Of(["train", "--resume", _scratch.Run, "--steps", $"{steps}", .. more]);

    private static Invocation Resume(string place) => Invocation.Of("train", "--resume", place);

    /// <summary>Momentum, draws, running averages and a schedule: what a resume could get wrong.</summary>
    private string WriteDemanding() => _scratch.Write("demanding.yaml", """
        name: demanding
        seed: 3
        data: { blobs: { samples: 240, classes: 2 } }
        model: [{ linear: 8 }, batch-norm, tanh, { dropout: 0.3 }, { linear: 2 }]
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1, momentum: 0.9 } }
        training: { steps: 60, batch: 20, schedule: cosine, warm-up: 5 }
        """);

    /// <summary>A net that reads sequences, which it may learn to predict first.</summary>
    private string WritePretrained(
        string training, string data = "temporal-order: { length: 20, train: 60, test: 20 }", int outputs = 4,
        string layers = "rnn: 4}, last-step, {dropout: 0.2") => _scratch.WriteExperiment(
            data, $"{layers}}}, {{linear: {outputs}", $"{training}, batch: 20");

    private static void ShouldBeAlike(string folder, string expected, bool isJudgedAlike = true)
    {
        File.ReadAllBytes(RunFolder.At(folder).Checkpoint).ShouldBe(
            File.ReadAllBytes(RunFolder.At(expected).Checkpoint));
        Run run = RunReader.Load(folder), other = RunReader.Load(expected);
        run.Steps.ShouldBe(other.Steps);
        run.Frames.Select(frame => frame.Step).ShouldBe(other.Frames.Select(frame => frame.Step));
        run.Evaluations.Last().ShouldBe(other.Evaluations.Last());
        if (isJudgedAlike) run.Evaluations.ShouldBe(other.Evaluations);
        run.End!.Reason.ShouldBe("completed");
        ExperimentFile.Read(RunFolder.At(folder).Experiment).Name.ShouldBe(run.Header.Name);
    }

    private static void ShouldBeOneLine(Invocation invocation, string expected)
    {
        invocation.Code.ShouldBe(2, invocation.Error);
        invocation.Output.ShouldBeEmpty();
        invocation.ErrorLines.ShouldHaveSingleItem().ShouldContain(expected);
    }
}
