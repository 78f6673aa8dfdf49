using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

public sealed class MultiplicationTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(15)]
    [InlineData(100)]
    public void Products_are_of_the_two_marked_numbers_early_in_the_sequence(int length)
    {
        Dataset data = TrainOf(new MultiplicationSpec { Train = 3000, Test = 20, Length = length });
        HashSet<int> earlier = [], all = [];

        (data.TargetSize, data.LongestDependency).ShouldBe((1, length - 1));
        data.Inputs.Where((_, i) => i % 2 == 0).ShouldAllBe(x => x >= 0 && x <= 1);
        for (int i = 0; i < data.Count; i++)
        {
            float[][] steps = StepsOf(data, i);
            int[] marked = [.. Enumerable.Range(0, length).Where(t => steps[t][1] == 1)];
            marked.Length.ShouldBe(2);
            data.Targets![i].ShouldBe(steps[marked[0]][0] * steps[marked[1]][0], 1e-6f);
            steps[^1][1].ShouldBe(-1);
            steps[0].ShouldSatisfyAllConditions(first => first[1].ShouldBe(marked[0] == 0 ? 1 : -1));
            if (marked[0] == 0) steps[0][0].ShouldBe(1);
            steps[1..^1].Where(step => step[1] != 1).ShouldAllBe(step => step[1] == 0);
            earlier.Add(marked[0]);
            all.UnionWith(marked);
        }

        all.Order().ShouldBe(Enumerable.Range(0, length / 2));
        earlier.Max().ShouldBeLessThan(Math.Max(10, length / 2));
        if (length == 100) earlier.Max().ShouldBe(9);
    }

    /// <summary>
    /// A product of two numbers uniform on [0, 1] has the variance 1/9 − 1/16. The first step, marked with probability
    /// 1/10 + 9/10 · 1/49 of 100 steps, counts as 1, and the product is one uniform number, of variance 1/12 and mean
    /// ½. The variance of n such has a standard error below √(2/n) of it, since they have less kurtosis than normal
    /// ones.
    /// </summary>
    [Fact]
    public void A_constant_answer_errs_by_the_variance_of_products()
    {
        Dataset data = TrainOf(new MultiplicationSpec { Train = 20_000, Test = 20, Length = 100 });
        double one = 0.1 + (0.9 / 49), two = 1 - one;
        double mean = (two / 4) + (one / 2), square = (two / 9) + (one / 3);

        double variance = DataSummary.Of(data, new MseSpec()).BaselineLoss!.Value;

        variance.ShouldBe(square - (mean * mean), 3 * Math.Sqrt(2.0 / data.Count) * variance);
    }
}
