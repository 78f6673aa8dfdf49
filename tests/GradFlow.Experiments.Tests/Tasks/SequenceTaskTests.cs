namespace GradFlow.Experiments.Tests;

public sealed class SequenceTaskTests
{
    private static readonly string[] Languages =
        ["french", "german", "spanish", "portuguese", "arabic", "greek", "english", "swahili"];

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(40)]
    [InlineData(200)]
    public void The_country_stands_exactly_the_distance_before_the_output_that_says_the_language(int distance)
    {
        Dataset data = Load(Short with { Distance = distance }).Train;

        data.LongestDependency.ShouldBe(distance);
        data.LabelsPerSample.ShouldBe(data.InputShape[0]);
        foreach (string[] words in Sentences(data))
        {
            words[..4].ShouldBe(["i", "grew", "up", "in"]);
            words[^3..^1].ShouldBe(["i", "speak"]);
            Languages.ShouldContain(words[^1]);
            int lastInput = words.Length - 2;
            (lastInput - 4).ShouldBe(distance);
            (lastInput + 1).ShouldBe(data.InputShape[0]);
        }
    }

    [Fact]
    public void Of_several_distances_each_sentence_has_its_own_and_nothing_behind_it()
    {
        Dataset data = Load(Short with { Distance = new LengthRange(6, 9) }).Train;
        int[] lengths = data.Traits.Lengths!;

        data.LongestDependency.ShouldBe(9);
        data.InputShape[0].ShouldBe(14);
        lengths.Distinct().Order().ShouldBe([11, 12, 13, 14]);
        for (int i = 0; i < data.Count; i++)
        {
            string[] words = data.Sentence(i).Split(' ');
            words.Length.ShouldBe(lengths[i] + 1);
            words[^3..^1].ShouldBe(["i", "speak"]);
            Languages.ShouldContain(words[^1]);
            data.Labels![((i * 14) + lengths[i])..((i + 1) * 14)].ShouldAllBe(label => label == -1);
        }
    }

    [Fact]
    public void The_language_alone_is_asked_for_once_the_sentence_has_been_read()
    {
        Dataset words = Load(Short).Train;
        Dataset data = Load(Short with { Predict = AgreementTarget.Language }).Train;

        data.Inputs.ShouldBe(words.Inputs);
        (data.LabelsPerSample, data.Classes, data.LongestDependency).ShouldBe((1, 4, 40));
        data.Labels!.Select(label => Languages[label]).ShouldBe(Sentences(words).Select(sentence => sentence[^1]));
    }

    [Fact]
    public void One_country_speaks_one_language_and_each_language_is_spoken_in_two()
    {
        Dataset data = Load(Short with { Languages = 8, Train = 400 }).Train;

        (string Country, string Language)[] pairs =
            [.. Sentences(data).Select(words => (words[4], words[^1])).Distinct()];

        pairs.Select(pair => pair.Country).ShouldBeUnique();
        pairs.CountBy(pair => pair.Language).Select(count => count.Value).ShouldBe(Enumerable.Repeat(2, 8));
    }

    [Fact]
    public void Labels_are_the_words_that_come_next()
    {
        Dataset data = Load(Short).Train;

        for (int i = 0; i < data.Count; i++)
        {
            string[] words = data.Sentence(i).Split(' ');
            int[] labels = data.Labels![(i * data.LabelsPerSample)..((i + 1) * data.LabelsPerSample)];
            labels.Select(label => data.Vocabulary![label]).ShouldBe(words[1..]);
        }

        foreach (float[] word in data.Inputs.Chunk(data.Vocabulary!.Count))
            (word.Count(x => x == 1), word.Count(x => x == 0)).ShouldBe((1, word.Length - 1));
    }

    [Fact]
    public void Most_of_a_sentence_is_learned_from_the_word_before_and_none_of_the_language()
    {
        Dataset data = Load(Short with { Train = 1000 }).Train;
        string[][] sentences = [.. Sentences(data)];
        (string Before, string After)[] pairs = [.. sentences.SelectMany(words => words.Zip(words.Skip(1)))];

        double word = Entropy(pairs.Select(pair => pair.After));
        double next = Entropy(pairs.Select(pair => pair.Before + pair.After)) - Entropy(
            pairs.Select(pair => pair.Before));

        next.ShouldBeLessThan(word / 2);
        next.ShouldBeGreaterThan(Math.Log(2) / 2, "there is chance in every clause");
        Entropy(sentences.Select(words => words[^1])).ShouldBe(Math.Log(4), 0.02, "'speak' is before each of them");
    }

    [Fact]
    public void Subjects_agree_with_their_verbs_and_articles_with_their_nouns()
    {
        foreach (string[] words in Sentences(Load(Short with { Train = 500 }).Train))
        {
            foreach (string[] clause in Clauses(words))
            {
                int verb = Array.FindIndex(clause, word => Verbs.Contains(word.TrimEnd('s')));
                bool isPlural = clause[0] == "they" || clause[verb - 1].EndsWith('s');
                clause[verb].EndsWith('s').ShouldBe(!isPlural, string.Join(' ', clause));
                for (int i = 0; i < clause.Length; i++)
                {
                    if (clause[i] is "a" or "some")
                        clause.Skip(i).First(Nouns.Contains).EndsWith('s').ShouldBe(clause[i] == "some");
                }
            }
        }
    }

    [Fact]
    public void Every_word_occurs_and_every_clause_is_of_the_grammar()
    {
        Dataset data = Load(Short with { Train = 300 }).Train;

        Sentences(data).SelectMany(words => words).Distinct().Order().ShouldBe(data.Vocabulary!.Order());
        Sentences(data).SelectMany(Clauses).Select(clause => clause.Length + 1).Distinct().Order()
            .ShouldBe([3, 4, 5, 6, 7, 8]);
    }

    [Fact]
    public void Splits_keep_sentences_whole()
    {
        DataSplits splits = Load(Short);

        foreach (Dataset data in new[] { splits.Train, splits.Validation, splits.Test! })
        {
            (data.LabelsPerSample, data.LongestDependency).ShouldBe((45, 40));
            data.Labels!.Length.ShouldBe(45 * data.Count);
            Sentences(data).Select(words => words[^2]).Distinct().ShouldBe(["speak"]);
        }
    }

    [Fact]
    public void Sums_are_of_the_two_marked_numbers_one_in_each_half()
    {
        Dataset data = Load(new AddingSpec { Train = 500, Length = 21 }).Train;

        (data.InputShape[0], data.InputShape[1], data.LongestDependency, data.TargetSize).ShouldBe((21, 2, 20, 1));
        HashSet<int> marked = [];
        for (int i = 0; i < data.Count; i++)
        {
            float[][] steps = [.. data.Inputs.Skip(i * data.Features).Take(data.Features).Chunk(2)];
            int[] marks = [.. Enumerable.Range(0, 21).Where(t => steps[t][1] == 1)];
            marks.Length.ShouldBe(2);
            (marks[0] < 10, marks[1] >= 10).ShouldBe((true, true));
            data.Targets![i].ShouldBe(marks.Sum(t => steps[t][0]), 1e-6f);
            marked.UnionWith(marks);
        }

        marked.Count.ShouldBe(21);
        data.Inputs.ShouldAllBe(x => x >= 0 && x <= 1);
    }

    /// <summary>The kurtosis of a sum of two uniform numbers is 2.4, so the variance of n has a standard error of
    /// √(1.4/n) of itself.</summary>
    [Theory]
    [InlineData(0, 1 / 6.0)]
    [InlineData(-1, 2 / 3.0)]
    public void A_constant_answer_to_adding_errs_by_the_sum_s_variance(double from, double variance)
    {
        Dataset data = Load(new AddingSpec { Train = 20_000, Length = 4, From = from }).Train;

        double baseline = DataSummary.Of(data, new MseSpec()).BaselineLoss!.Value;

        baseline.ShouldBe(variance, 3 * Math.Sqrt(1.4 / data.Count) * variance);
    }

    [Fact]
    public void The_start_alone_shows_a_latch_s_class()
    {
        Dataset data = Load(new LatchSpec { Train = 1000, Length = 20 }).Train;

        (data.InputShape[0], data.InputShape[1], data.Classes, data.LongestDependency).ShouldBe((20, 1, 2, 17));
        Share(data, shown => shown[..3]).ShouldBe(1, "the mean of three is five standard deviations from 0 and more");
        Share(data, shown => shown[3..]).ShouldBe(0.5, 3 * Math.Sqrt(0.25 / data.Count));
    }

    [Fact]
    public void What_comes_after_a_latch_s_class_may_have_noise_of_its_own()
    {
        LatchSpec spec = new() { Train = 1000, Length = 6, Shown = 2, Noise = 0.2 };
        float[] same = Inputs(spec with { LaterNoise = 0.2 }), still = Inputs(spec with { LaterNoise = 0 });
        float[] alike = Inputs(spec);

        same.ShouldBe(alike);
        for (int i = 0; i < alike.Length; i++) still[i].ShouldBe(i % 6 < 2 ? alike[i] : 0);

        static float[] Inputs(LatchSpec of) => Load(of).Train.Inputs;
    }

    [Fact]
    public void A_sentence_needs_words() =>
        Should.Throw<InvalidOperationException>(() => Load(new LatchSpec()).Train.Sentence(0))
            .Message.ShouldStartWith("the data has no vocabulary");

    [Fact]
    public void Labels_are_one_per_sample_or_one_per_step()
    {
        Dataset.ForClasses(new float[12], [3, 2], [0, 1, 0, 1, 1, 0], 2).LabelsPerSample.ShouldBe(3);
        Dataset.ForClasses(new float[12], [3, 2], [0, 1], 2).LabelsPerSample.ShouldBe(1);
        foreach (int labels in new[] { 3, 4, 12 })
        {
            Should.Throw<ArgumentException>(() => Dataset.ForClasses(new float[12], [3, 2], new int[labels], 2))
                .Message.ShouldStartWith("must be one per sample, or one per time step");
        }

        Should.Throw<ArgumentException>(() => Dataset.ForClasses(new float[12], [6], new int[12], 2));
    }

    private static readonly AgreementSpec Short = new() { Train = 100, Test = 20 };
    private static readonly string[] Verbs = ["see", "like", "sing", "sleep"];
    private static readonly string[] Nouns = ["cat", "dog", "bird", "cats", "dogs", "birds"];

    private static DataSplits Load(DataSpec spec) => TaskData.Load(spec, ".", 5, 0.1);

    private static IEnumerable<string[]> Sentences(Dataset data) =>
        Enumerable.Range(0, data.Count).Select(i => data.Sentence(i).Split(' '));

    /// <summary>What stands between the full stops after the country and before the end.</summary>
    private static IEnumerable<string[]> Clauses(string[] words) =>
        string.Join(' ', words[6..^3]).Split(" .", StringSplitOptions.RemoveEmptyEntries).Select(
            c => c.Trim().Split(' '));

    private static double Entropy(IEnumerable<string> words)
    {
        int[] counts = [.. words.CountBy(word => word).Select(count => count.Value)];
        double all = counts.Sum();
        return counts.Sum(count => -count / all * Math.Log(count / all));
    }

    /// <summary>How often the sign of the inputs' mean is the class.</summary>
    private static double Share(Dataset data, Func<float[], float[]> part) =>
        data.Inputs.Chunk(data.Features).Zip(data.Labels!).Average(row =>
            part(row.First).Average() > 0 == (row.Second == 1) ? 1.0 : 0);
}
