using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

public sealed class LagTests
{
    [Fact]
    public void There_are_two_noise_free_sequences_which_differ_in_their_ends_alone()
    {
        Dataset data = TrainOf(new LagSpec { Train = 50, Test = 20, Length = 12 });

        data.InputShape.ShouldBe([12, 13]);
        (data.Classes, data.LongestDependency).ShouldBe((13, 11));
        int[] between = [.. Enumerable.Range(2, 11)];
        for (int i = 0; i < data.Count; i++)
        {
            int[] shown = SymbolsOf(data, i), next = data.Labels![(12 * i)..(12 * (i + 1))];
            shown[0].ShouldBeLessThan(2);
            shown[1..].ShouldBe(between);
            next.ShouldBe([.. between, shown[0]]);
        }
    }

    [Fact]
    public void Random_symbols_in_between_tell_nothing()
    {
        Dataset data = TrainOf(new LagSpec { Train = 400, Test = 20, Length = 12, Variant = LagVariant.Random });
        int[] between = [.. Enumerable.Range(0, data.Count).SelectMany(i => SymbolsOf(data, i)[1..])];

        double tolerance = 4 * Math.Sqrt(1 / 11.0 * (10 / 11.0) / between.Length);
        for (int symbol = 2; symbol < 13; symbol++)
            (between.Count(s => s == symbol) / (double)between.Length).ShouldBe(1 / 11.0, tolerance);
        for (int i = 0; i < data.Count; i++)
        {
            int[] shown = SymbolsOf(data, i);
            data.Labels![(12 * i)..((12 * i) + 11)].ShouldBe(shown[1..]);
            data.Labels[(12 * i) + 11].ShouldBe(shown[0]);
        }
    }

    /// <summary>
    /// Further distractors go on with probability 9/10 each: 9 on average, and the cut at 60 takes .1 off.
    /// </summary>
    [Fact]
    public void Open_sequences_ask_behind_e_for_what_stood_behind_b()
    {
        Dataset data = TrainOf(new LagSpec { Train = 2000, Test = 20, Length = 8, Variant = LagVariant.Open });
        int[] lengths = data.Traits.Lengths!;

        (data.Classes, data.LabelsPerSample, data.InputShape[1]).ShouldBe((2, 1, 12));
        for (int i = 0; i < data.Count; i++)
        {
            int[] shown = [.. StepsOf(data, i)[..lengths[i]].Select(step => Array.IndexOf(step, 1))];
            (shown[0], shown[1], shown[^1]).ShouldBe((10, data.Labels![i], 11));
            shown[2..^1].ShouldAllBe(symbol => symbol >= 2 && symbol < 10);
        }

        lengths.Min().ShouldBe(8 + 3);
        lengths.Max().ShouldBeLessThanOrEqualTo(data.InputShape[0]);
        double cut = Math.Pow(0.9, 60), mean = 9 - (60 * cut / (1 - cut));
        (lengths.Average() - 11).ShouldBe(mean, 4 * Math.Sqrt(90.0 / data.Count));
        data.LongestDependency!.Value.ShouldBeInRange(lengths.Max() - 2, data.InputShape[0] - 2);
    }

    [Theory]
    [InlineData(LagVariant.NoiseFree, 0)]
    [InlineData(LagVariant.Random, 19)]
    public void Without_memory_half_of_the_last_symbols_are_right(LagVariant variant, int guessed)
    {
        Dataset data = TrainOf(new LagSpec { Train = 1000, Test = 20, Length = 20, Variant = variant });

        DataSummary summary = DataSummary.Of(data, new CrossEntropySpec(), isEveryStep: true);

        summary.ChanceMetric!.Value.ShouldBe(0.5, 0.02);
        summary.BaselineLoss!.Value.ShouldBe(((guessed * Math.Log(19)) + Math.Log(2)) / 20, 1e-12);
    }
}
