using System.Text;

namespace GradFlow.Experiments.Tests;

public sealed class TextTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "t.txt");

    private static readonly TextSpec Small = new() { Path = "t.txt", Window = 5 };

    [Fact]
    public void Every_step_has_the_next_character_for_its_label()
    {
        DataSplits text = Load(Small, string.Concat(Enumerable.Repeat(Alphabet, 10)));

        foreach (Dataset part in new[] { text.Train, text.Validation, text.Test! })
        {
            part.InputShape.ShouldBe([5, 27]);
            part.LabelsPerSample.ShouldBe(5);
            part.Labels!.ShouldBe(part.Tokens!.Select(token => (token + 1) % 26));
            part.Inputs.ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_parts_follow_each_other_and_the_test_part_ends_the_text()
    {
        string whole = string.Concat(Enumerable.Range(0, 100).Select(i => Alphabet[i * i % 26]));
        DataSplits text = Load(Small, whole, validation: 0.2);

        // 90 characters not to test with, of which 18 validate: 72, of which the first has no character before it.
        (text.Train.Count, text.Validation.Count, text.Test!.Count).ShouldBe((14, 3, 2));
        LabelsOf(text.Test).ShouldBe(whole[90..]);
        LabelsOf(text.Validation).ShouldBe(whole[75..90]);
        LabelsOf(text.Train).ShouldBe(whole[2..72]);
        text.Test.Sentence(1).ShouldBe(whole[94..]);
        text.Train.Select([13, 0]).Sentence(0).ShouldBe(whole[66..72]);
    }

    [Fact]
    public void Characters_are_numbered_by_code_point_and_those_of_the_test_part_alone_are_unknown()
    {
        DataSplits text = Load(Small, string.Concat(Enumerable.Repeat("bé🙂a\n", 18)) + "zzaz\uFFFDzaaaa");

        text.Train.Vocabulary.ShouldBe(["\n", "a", "b", "é", "🙂", "\uFFFD"]);
        text.Test!.Labels.ShouldBe([5, 5, 1, 5, 5, 5, 1, 1, 1, 1]);
    }

    [Fact]
    public void A_byte_order_mark_is_no_character()
    {
        string text = string.Concat(Enumerable.Repeat("ab", 100));

        Load(Small, "\uFEFF" + text).Fingerprint.ShouldBe(Load(Small, text).Fingerprint);
    }

    [Fact]
    public void Bytes_need_no_encoding()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, 300).Select(i => (byte)i)]);
        DataSplits text = Load(Small with { Unit = TextUnit.Byte });

        text.Train.Classes.ShouldBe(256);
        text.Test!.Labels!.ShouldBe(Enumerable.Range(270, 30).Select(i => i % 256));
        text.Train.Vocabulary![0xe9].ShouldBe("\\xe9");
    }

    [Fact]
    public void A_text_may_be_used_from_its_start_on() =>
        Load(Small with { Characters = 100 }, new string('a', 100) + new string('b', 400)).Train.Classes.ShouldBe(2);

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0a, 0x62, 0xe9, 0x0a },
        "t.txt:2: is not UTF-8 at byte 4 (0xe9); expected UTF-8 text, or 'unit: byte'")]
    [InlineData(new byte[] { }, "t.txt: is empty, or a device or pipe; expected a file of text")]
    [InlineData(new byte[] { 0x61, 0x62, 0x63 },
        "t.txt: has 3 characters, which leaves 3 to train on, 0 to validate and 0 to test with; expected more of each "
            + "than a 'window', which is 5")]
    public void What_is_no_text_is_bad_input(byte[] bytes, string problem)
    {
        File.WriteAllBytes(_path, bytes);

        Should.Throw<InvalidExperimentException>(() => Load(Small)).Message
            .ShouldBe(Path.Combine(Path.GetDirectoryName(_path)!, problem));
    }

    [Fact]
    public void Without_a_file_a_text_is_written_that_is_the_same_for_the_same_seed()
    {
        string first = Written(1);

        Written(1).ShouldBe(first);
        Written(2)[..200].ShouldNotBe(first[..200]);
        first.Length.ShouldBe(TextSpec.WrittenCharacters);
        first.Distinct().Order().ShouldBe(Fable.Characters.Order());
    }

    [Fact]
    public void In_a_written_text_brackets_close_in_order_and_verbs_agree_across_them()
    {
        string text = Written(3);
        var open = new Stack<char>();
        var bare = new StringBuilder();
        int deepest = 0;
        foreach (char c in text)
        {
            if ("([{".Contains(c)) open.Push(c);
            if (open.Count == 0) bare.Append(c);
            if (")]}".Contains(c)) ($"{open.Pop()}{c}" is "()" or "[]" or "{}").ShouldBeTrue();
            deepest = Math.Max(deepest, open.Count);
        }

        deepest.ShouldBe(3);
        string[] sentences = bare.ToString().Split('.')[..^1];
        foreach (string sentence in sentences)
        {
            string[] words = sentence.Split([' ', '\n', '"'], StringSplitOptions.RemoveEmptyEntries);
            string[] verbs = ["see", "like", "follow", "greet", "sing", "sleep", "run", "wait", "say"];
            int verb = Array.FindIndex(words, word => verbs.Contains(word.TrimEnd('s')));
            words[verb].EndsWith('s').ShouldNotBe(words[verb - 1].EndsWith('s'), string.Join(' ', words));
        }
    }

    private static string Written(long seed) =>
        Fable.Write(new Tensors.RandomKey(seed, "text"), TextSpec.WrittenCharacters);

    private static string LabelsOf(Dataset data) =>
        string.Concat(data.Labels!.Select(label => data.Vocabulary![label]));

    private DataSplits Load(TextSpec spec, string text, double validation = 0.1)
    {
        File.WriteAllText(_path, text);
        return Load(spec, validation);
    }

    private DataSplits Load(TextSpec spec, double validation = 0.1) =>
        TaskData.Load(spec, Path.GetDirectoryName(_path)!, 1, validation);
}
