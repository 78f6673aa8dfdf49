using System.Text.Json.Nodes;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;

namespace GradFlow.Cli.Tests;

/// <summary><c>gradflow sample</c>: what a trained net writes.</summary>
public sealed class SampleTests : IDisposable
{
    private const string Text = "one, two, three! ";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_net_that_knows_its_text_writes_it_on()
    {
        Train("gru: 24}, {linear: 11", steps: 150);

        Invocation written = Sample("--prompt", "one, t", "--length", "40", "--temperature", "0");
        written.Code.ShouldBe(0, written.Error);
        Golden.ShouldBe("sample", written.Output);
        written.Output.ShouldBe("one, two, three! one, two, three! one, two, thr"[..46] + Environment.NewLine);
        Sample("--prompt", "one, t", "--length", "40", "--top", "1", "--seed", "9").Output.ShouldBe(written.Output);
    }

    [Theory]
    [InlineData("embedding: 8}, {lstm: 8}, {linear: 11")]
    [InlineData("attention: {heads: 1, causal: true}}, {linear: 11")]
    public void The_same_seed_writes_the_same_text(string layers)
    {
        Train(layers, steps: 3);
        string Written(int seed)
        {
            Invocation written = Sample("--length", "60", "--seed", $"{seed}", "--json");
            written.Code.ShouldBe(0, written.Error);
            JsonNode answer = JsonNode.Parse(written.Output)!;
            answer["step"]!.GetValue<int>().ShouldBe(3);
            return answer["text"]!.GetValue<string>();
        }

        Written(1).Length.ShouldBe(60);
        Written(1).ShouldBe(Written(1));
        Written(2).ShouldNotBe(Written(1));
    }

    [Fact]
    public void What_is_stopped_has_written_what_came_until_then()
    {
        Train("gru: 8}, {linear: 11", steps: 3);
        string whole = Sample("--length", "90").Output;

        Invocation stopped = Invocation.StoppedAfter(30, "sample", _scratch.Run, "--length", "90");
        stopped.Code.ShouldBe(3, stopped.Error);
        stopped.Output.ShouldBe(whole[..30] + Environment.NewLine);
        Invocation atOnce = Invocation.StoppedAfter(0, "sample", _scratch.Run, "--prompt", "one", "--json");
        atOnce.Code.ShouldBe(3, atOnce.Error);
        JsonNode.Parse(atOnce.Output)!["text"]!.GetValue<string>().ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_are_written_as_soon_as_they_are_characters()
    {
        const string Book = "schön – 𝄞! ";
        Train("gru: 24}, {linear: 256", steps: 150, Book, "byte");

        Sample("--prompt", "schön", "--length", "16", "--temperature", "0").Output.ShouldBe(
            "schön – 𝄞! schö" + Environment.NewLine);
    }

    [Fact]
    public void Bytes_of_no_character_are_seen_and_kept()
    {
        Train("gru: 4}, {linear: 256", steps: 1, unit: "byte");
        string[] options = ["--length", "1500", "--temperature", "50"];

        Invocation shown = Sample(options);
        shown.Code.ShouldBe(0, shown.Error);
        shown.Output.Where(char.IsControl).Distinct().ShouldBeSubsetOf(['\n', '\t', '\r']);
        shown.Output.ShouldNotContain('\uFFFD');
        JsonNode answer = JsonNode.Parse(Sample([.. options, "--json"]).Output)!;
        byte[] bytes = Convert.FromBase64String(answer["bytes"]!.GetValue<string>());
        bytes.Length.ShouldBe(1500);
        foreach (byte wild in bytes.Where(b => b is 0x1b or 0xff)) shown.Output.ShouldContain($@"\x{wild:x2}");
        bytes.ShouldContain((byte)0x1b, "else the test says nothing");
        bytes.ShouldContain((byte)0xff, "else the test says nothing");
    }

    [Theory]
    [InlineData("a\u001b[2Jb\u0004", @"a\x1b[2Jb\x04")]
    [InlineData("one\ttwo\r\nthree\rX\r", "one\ttwo\r\nthree\\x0dX\\x0d")]
    [InlineData("\u0085 \u007f é 𝄞", @"\x85 \x7f é 𝄞")]
    public void Control_characters_are_shown_and_not_obeyed(string written, string shown)
    {
        string.Concat(VisibleText.Of(written.EnumerateRunes().Select(rune => rune.ToString()))).ShouldBe(shown);
        VisibleText.Of(written).ShouldBe(shown);
    }

    [Fact]
    public void Bytes_are_shown_where_no_character_comes_of_them() =>
        string.Concat(VisibleText.Decode([0x61, 0xc3, 0xa9, 0xff, 0xe2, 0x82, 0x62, 0xf0, 0x9f]))
            .ShouldBe(@"aé\xff\xe2\x82b\xf0\x9f");

    [Fact]
    public void Sample_for_machines() => Golden.ShouldBe(
        "sample-json", Indented(new SampleAnswer("runs/20260102-030405-book", 150, 1, "one, t", "wo, three!")));

    [Fact]
    public void Sentences_are_written_by_words()
    {
        string file = _scratch.WriteExperiment(
            "agreement: { distance: 8, train: 60, test: 10 }", "rnn: 8}, {linear: 39", "steps: 5, batch: 20");
        Invocation.Of("train", file, "--out", _scratch.Runs).Code.ShouldBe(0);

        string[] words = Sample("--prompt", " i grew  up", "--length", "7").Output.TrimEnd().Split(' ');
        words.Length.ShouldBe(10 + 2);
        Sample("--prompt", "i grw").ErrorLines.ShouldHaveSingleItem().ShouldStartWith(
            "gradflow sample: --prompt has 'grw', which the text that was trained on lacks; did you mean 'grew'?");
    }

    [Fact]
    public void What_had_no_effect_on_the_training_is_not_said_again()
    {
        string file = _scratch.WriteExperiment(
            "agreement: { distance: 8, train: 60, test: 10 }", "rnn: 8}, {linear: 39",
            "steps: 5, batch: 20, truncate: 500");
        Invocation.Of("train", file, "--out", _scratch.Runs).Error.ShouldContain("training.truncate has no effect");

        Sample("--length", "7").Error.ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_write_is_one_line()
    {
        Train("gru: 4}, {linear: 11", steps: 2);

        Refused("gradflow sample: --prompt has 'Z', which the text that was trained on lacks; expected its characters "
            + "alone: !,ehnortw", "--prompt", "oneZ");
        Refused("gradflow sample: --prompt has 'Z', '日', '☃', which the text that was trained on lacks; expected its "
            + "characters alone: !,ehnortw", "--prompt", "oneZ日Z☃");
        Refused("gradflow sample: --prompt is empty; expected what the text begins with", "--prompt", "");
        Refused("gradflow sample: --length is '0'; expected a whole number from 1 to 1000000", "--length", "0");
        Refused("gradflow sample: --temperature is '-1'; expected a number from 0 to 1,000", "--temperature", "-1");
        File.Delete(Path.Combine(_scratch.Run, "checkpoint.safetensors"));
        Refused("holds no checkpoint.safetensors, which is written along the way; train it anew");
        Invocation.Of("sample", "nowhere").ErrorLines.ShouldHaveSingleItem().ShouldStartWith(
            "gradflow sample: RUN is 'nowhere'; expected the folder of a run, or the checkpoint in it");
    }

    [Fact]
    public void A_net_of_other_data_is_no_writer()
    {
        Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs).Code.ShouldBe(0);

        Refused("was trained on 'blobs' with cross-entropy; expected a net that predicts the next word at every step");
    }

    private void Refused(string problem, params string[] options)
    {
        Invocation refused = Sample(options);
        refused.Code.ShouldBe(2);
        refused.Output.ShouldBeEmpty();
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain(problem);
    }

    private Invocation Sample(params string[] options) => Invocation.Of(["sample", _scratch.Run, .. options]);

    private void Train(string layers, int steps, string text = Text, string unit = "character")
    {
        _scratch.Write("book.txt", string.Concat(Enumerable.Repeat(text, 60)));
        string file = _scratch.WriteExperiment(
            $"text: {{ path: book.txt, window: 24, unit: {unit} }}", layers, $"steps: {steps}, batch: 8");
        string experiment = File.ReadAllText(file)
            .Replace("sgd: { lr: 0.1 }", "adam: { lr: 0.02 }", StringComparison.Ordinal);
        File.WriteAllText(file, experiment);
        Invocation trained = Invocation.Of("train", file, "--out", _scratch.Runs);
        trained.Code.ShouldBe(0, trained.Error);
    }

    private static string Indented(SampleAnswer answer) =>
        JsonNode.Parse(Runs.RunJson.Serialize(answer))!.ToJsonString(new() { WriteIndented = true });
}
