namespace GradFlow.Experiments.Tests;

/// <summary>What is no text, no YAML or no experiment is refused in one line, and nothing crashes the reader.</summary>
public sealed class BadTextTests
{
    [Theory]
    [InlineData("", "bad.yaml: is empty; expected an experiment")]
    [InlineData("# only a comment\n", "bad.yaml: is empty; expected an experiment")]
    [InlineData("---\n", "bad.yaml:2: the experiment must be a map of keys, found nothing")]
    [InlineData("just words", "bad.yaml:1: the experiment must be a map of keys, found 'just words'")]
    [InlineData("- a\n- b", "bad.yaml:1: the experiment must be a map of keys, found a list")]
    [InlineData("{}", "bad.yaml:1: key 'name' is missing in the experiment")]
    [InlineData("name: a\n---\nname: b", "bad.yaml:2: holds a second document; expected one experiment")]
    [InlineData("name: \0", "bad.yaml: is not text; expected YAML")]
    public void A_text_that_is_no_experiment_says_so(string text, string expected) =>
        Refusal.Of(text).ShouldBe(expected);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused(char bracket) =>
        Refusal.Of("name: " + new string(bracket, 900_000)).ShouldBe("bad.yaml:1: is nested more than 50 levels deep");

    [Fact]
    public void Enormous_text_is_refused() =>
        Refusal.Of(new string('#', 1_000_001)).ShouldBe("bad.yaml: is larger than 1,000,000 bytes; no experiment is");

    [Theory]
    [InlineData("name: a\ndata: { strokes\nloss: mse", "2: is not valid YAML; is a bracket, brace or quote left open?")]
    [InlineData("name: a\n data: b", "2: is not valid YAML: ")]
    [InlineData("name: a\nloss: 'b", "2: is not valid YAML: ")]
    [InlineData("name: a\n\tloss: b", "2: is not valid YAML: ")]
    [InlineData("name: a\nmodel: ]", "2: is not valid YAML: ")]
    public void Broken_yaml_is_named_by_line(string text, string expected) =>
        Refusal.Of(text).ShouldStartWith("bad.yaml:" + expected);

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string missing = Path.Combine(folder, "none.yaml");

        ReadMessage(missing).ShouldBe(missing + ": no such file; expected an experiment file");
        ReadMessage(Path.Combine(folder, "no", "such")).ShouldEndWith(": no such file; expected an experiment file");
        ReadMessage(folder).ShouldBe(folder + ": is a folder; expected an experiment file");
    }

    [Fact]
    public void Files_in_other_encodings_and_binary_files_are_refused()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "f.yaml");

        System.IO.File.WriteAllBytes(path, [0xFF, 0xFE, (byte)'n', 0, (byte)'a', 0]);
        ReadMessage(path).ShouldBe(path + ":1: is not UTF-8 text; expected YAML");
        System.IO.File.WriteAllBytes(path, [0x1F, 0x8B, 8, 0, 0, 0, 0]);
        ReadMessage(path).ShouldBe(path + ":1: is not UTF-8 text; expected YAML");
        System.IO.File.WriteAllBytes(path, [.. "name: a\nseed: 1\nloss: "u8, 0xE4, .. "\n"u8]);
        ReadMessage(path).ShouldBe(path + ":3: is not UTF-8 text; expected YAML");
        System.IO.File.WriteAllBytes(path, new byte[1_000_001]);
        ReadMessage(path).ShouldBe(path + ": is larger than 1,000,000 bytes; no experiment is");
    }

    [Fact]
    public void Mutated_files_never_crash_or_hang_the_reader()
    {
        Random random = new(20240607);
        string[] seeds = [Samples.Small, ExperimentFile.Write(Samples.Everything)];
        for (int round = 0; round < 1000; round++)
        {
            string text = seeds[round % 2];
            for (int edit = random.Next(1, 6); edit > 0; edit--)
                text = Mutate(text, random);
            try
            {
                ExperimentFile.Parse(text, "fuzz.yaml");
            }
            catch (InvalidExperimentException e)
            {
                e.Message.ShouldStartWith("fuzz.yaml:");
                e.Message.ShouldNotContain('\n');
            }
        }
    }

    private static string Mutate(string text, Random random)
    {
        const string alphabet = "[]{}:,-?&*!|>'\"%@`#~ \t\n\\0123456789.eabnxé\u2028\uD83D\u0007";
        int at = random.Next(text.Length + 1);
        int length = Math.Min(random.Next(1, 20), text.Length - at);
        return random.Next(4) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, alphabet[random.Next(alphabet.Length)].ToString()),
            2 => text.Insert(at, text.Substring(random.Next(text.Length), 1)),
            _ => text.Insert(random.Next(text.Length), text.Substring(at, length)),
        };
    }

    private static string ReadMessage(string path) =>
        Should.Throw<InvalidExperimentException>(() => ExperimentFile.Read(path)).Message;
}
