using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

public sealed class ReverseTests
{
    [Fact]
    public void Symbols_are_asked_for_from_the_last_to_the_first()
    {
        Dataset data = TrainOf(new ReverseSpec { Train = 100, Test = 20, Length = new(3, 7), Symbols = 5 });

        data.InputShape.ShouldBe([7, 5]);
        (data.Classes, data.LabelsPerSample, data.LongestDependency).ShouldBe((5, 7, 6));
        for (int i = 0; i < data.Count; i++)
        {
            int length = data.Traits.Lengths![i];
            int[] labels = data.Labels![(i * 7)..((i + 1) * 7)];
            labels[..length].Reverse().ShouldBe(StepsOf(data, i)[..length].Select(step => Array.IndexOf(step, 1)));
            labels[length..].ShouldAllBe(label => label == -1);
        }
    }

    [Fact]
    public void Who_guesses_loses_the_logarithm_of_the_alphabet_and_all_symbols_are_judged()
    {
        Dataset data = TrainOf(new ReverseSpec { Train = 2000, Test = 20, Length = 10 });
        DataSummary summary = DataSummary.Of(data, new CrossEntropySpec(), isEveryStep: true);

        // The entropy of n drawn shares lies 7/(2n) below ln 8 in the mean.
        int judged = data.LastLabels(data.Traits.Judged).Count();
        judged.ShouldBe(10 * data.Count);
        summary.BaselineLoss!.Value.ShouldBe(Math.Log(8), 4 * 7.0 / (2 * judged));
        summary.ChanceMetric!.Value.ShouldBe(1 / 8.0, 4 * Math.Sqrt(7 / 64.0 / judged));
    }
}
