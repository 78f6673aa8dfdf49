namespace GradFlow.Runs.Tests;

public sealed class JsonLinesTests : TemporaryFolder
{
    private const string Header =
        """{"record":"header","name":"a","seed":1,"startedAt":"2026-01-02T03:04:05Z","producer":"me 1","plan":"""
        + """{"steps":2,"stepsPerEpoch":0,"batchSize":1,"loss":"mse","optimizer":"sgd"},"structure":"""
        + """{"cuts":[],"links":[],"parts":[],"signals":[],"parameters":[]}}""";

    private const string FirstStep = """{"record":"step","step":0,"epoch":0,"loss":1.5,"learningRate":0.1}""";

    private string File => In("run.jsonl");

    [Fact]
    public void A_run_with_every_kind_of_record_comes_back_as_it_was()
    {
        Run run = SampleRun.Build();
        Write(run);
        JsonLines.Read(File).ShouldHoldTheSameAs(run);
        RunReader.Load(File).ShouldHoldTheSameAs(run);
        RunReader.Load(Folder).ShouldHoldTheSameAs(run);
    }

    [Fact]
    public void Random_runs_come_back_as_they_were()
    {
        for (int seed = 100; seed < 200; seed++)
        {
            Run run = new RandomRun(seed).Build();
            Write(run);
            JsonLines.Read(File).ShouldHoldTheSameAs(run);
        }
    }

    [Fact]
    public void A_run_cut_off_anywhere_holds_what_was_complete()
    {
        Run run = SampleRun.Build();
        Write(run);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int headerEnd = Array.IndexOf(whole, (byte)'\n');
        for (int length = headerEnd; length < whole.Length; length += 13)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Run read = JsonLines.Read(File);
            read.Steps.ShouldBe(run.Steps.Take(read.Steps.Count));
            IEnumerable<Frame> frames = run.Frames.Take(read.Frames.Count);
            read.Frames.Select(RunJson.Serialize).ShouldBe(frames.Select(RunJson.Serialize));
        }
    }

    [Fact]
    public void A_byte_order_mark_carriage_returns_and_blank_lines_do_no_harm()
    {
        System.IO.File.WriteAllText(File, $"\uFEFF{Header}\r\n\r\n{FirstStep}\r\n\r\n");
        RunReader.Load(File).Steps.Single().Loss.ShouldBe(1.5);
    }

    [Theory]
    [InlineData("{\"record\":\"step\",\"step\":1,\"epoch\":0,\"los\n", "line 3", "end of")]
    [InlineData("{\"record\":\"step\",\"step\":1,\"epoch\":0,\"learningRate\":1}", "line 3", "loss")]
    [InlineData("{\"record\":\"step\",\"step\":1,\"epoch\":0,\"learningRate\":1}\n", "line 3", "loss")]
    [InlineData("{\"record\":\"step\",\"step\":1,\"epoch\":0,\"loss\":\"x\",\"learningRate\":1}\n", "loss", "\"nan\"")]
    [InlineData("{\"record\":\"step\",\"step\":1,\"epoch\":0,\"loss\":NaN}\n", "line 3", "as the strings \"nan\"")]
    [InlineData(
        "{\"record\":\"step\",\"step\":0,\"epoch\":0,\"loss\":1,\"learningRate\":1}\n", "line 3", "after step 0")]
    [InlineData("{\"record\":\"frame\",\"step\":0,\"cutNorms\":[1]}\n", "line 3", "cutNorms has 1 entry; expected 0")]
    [InlineData("{\"record\":\"evaluation\",\"step\":1,\"epoch\":0,\"split\":\"dev\",\"loss\":1,\"samples\":1}\n",
        "line 3", "split \"dev\"; expected one of train")]
    [InlineData("{\"record\":\"end\",\"reason\":\"bored\",\"seconds\":1}\n",
        "line 3", "reason \"bored\"; expected one of")]
    [InlineData("{\"record\":\"stepp\"}\n", "line 3", "expected one of header, step")]
    [InlineData("{\"step\":1}\n", "line 3", "no \"record\"")]
    [InlineData("[1]\n", "line 3", "expected a JSON object")]
    [InlineData(Header + "\n", "line 3", "a second header")]
    public void A_wrong_line_is_named_with_what_was_expected(string line, string where, string expected)
    {
        System.IO.File.WriteAllText(File, $"{Header}\n{FirstStep}\n{line}");
        InvalidRunException error = Should.Throw<InvalidRunException>(() => JsonLines.Read(File));
        error.Message.ShouldStartWith(File);
        error.Message.ShouldNotContain("\n");
        error.Message.ShouldContain(where);
        error.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData(FirstStep + "\n", "before the header; expected it first")]
    [InlineData("", "no records")]
    [InlineData("{\"record\":\"header\",\"format\":2,\"changed\":true}\n", "format 2")]
    public void A_run_begins_with_its_header(string content, string expected)
    {
        System.IO.File.WriteAllText(File, content);
        Should.Throw<InvalidRunException>(() => JsonLines.Read(File)).Message.ShouldContain(expected);
    }

    private void Write(Run run)
    {
        using var writer = new StreamWriter(File);
        JsonLines.Write(run, writer);
    }
}
