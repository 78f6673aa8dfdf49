using System.Text.RegularExpressions;

namespace GradFlow.Experiments.Tests;

public sealed partial class ReberTests
{
    [Fact]
    public void Strings_are_of_the_embedded_grammar_and_all_but_the_last_symbol_is_asked_for()
    {
        Dataset data = LiteratureTasks.TrainOf(new ReberSpec { Train = 1000, Test = 20 });

        (data.Classes, data.InputShape[0]).ShouldBe((7, 38));
        string[] strings = [.. Enumerable.Range(0, data.Count).Select(Text)];
        strings.ShouldAllBe(text => Embedded().IsMatch(text));
        strings.ShouldContain(text => text.Length > 20);
        strings.Min(text => text.Length).ShouldBe(9);
        (data.LongestDependency, strings.Max(text => text.Length) <= 40).ShouldBe((36, true));

        string Text(int row)
        {
            string words = data.Sentence(row).Replace(" ", "");
            int length = data.Traits.Lengths![row];
            words.Length.ShouldBe(length + 1);
            string next = string.Concat(data.Labels!.Skip(row * 38).Take(length).Select(i => data.Vocabulary![i]));
            next.ShouldBe(words[1..]);
            return words + "E";
        }
    }

    /// <summary>
    /// From each state either arrow is as likely, so the string's inside is B, then T or P: of half of all strings T.
    /// </summary>
    [Fact]
    public void The_symbol_to_keep_is_a_coin_toss_that_the_inside_tells_nothing_of()
    {
        Dataset data = LiteratureTasks.TrainOf(new ReberSpec { Train = 2000, Test = 20 });
        string[] strings = [.. Enumerable.Range(0, data.Count).Select(row => data.Sentence(row).Replace(" ", ""))];

        strings.Count(text => text[1] == text[^1]).ShouldBe(strings.Length);
        double tolerance = 4 * Math.Sqrt(0.25 / data.Count);
        strings.Average(text => text[3] == 'T' ? 1.0 : 0).ShouldBe(0.5, tolerance);
        strings.Average(text => text[3] == text[1] ? 1.0 : 0).ShouldBe(0.5, tolerance);
        DataSummary.Of(data, new CrossEntropySpec(), isEveryStep: true).ChanceMetric!.Value.ShouldBe(0.5, 0.02);
    }

    [Fact]
    public void Strings_that_are_too_long_are_drawn_again() =>
        LiteratureTasks.TrainOf(new ReberSpec { Train = 300, Test = 20, Longest = 10 })
            .Traits.Lengths!.Distinct().Order().ShouldBe([7, 8]);

    /// <summary>
    /// Reber's grammar as an expression: B, then T S* X or P T* V into its loop, and E.
    /// </summary>
    [GeneratedRegex("^B([TP])B(TS*(S|X(?=S)S|X(XT*V(PXT*V)*(V|PS)))|PT*V(PXT*V)*(V|PS))E\\1E$")]
    private static partial Regex Embedded();
}
