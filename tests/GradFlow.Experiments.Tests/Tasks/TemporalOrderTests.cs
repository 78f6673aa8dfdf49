using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

public sealed class TemporalOrderTests
{
    [Theory]
    [InlineData(TemporalOrderVariant.Hochreiter, 2, 100, "10-20 50-60")]
    [InlineData(TemporalOrderVariant.Hochreiter, 3, 100, "10-20 33-43 66-76")]
    [InlineData(TemporalOrderVariant.Hochreiter, 2, 50, "5-10 25-30")]
    [InlineData(TemporalOrderVariant.Pascanu, 2, 100, "10-20 40-50")]
    [InlineData(TemporalOrderVariant.Pascanu, 2, 20, "2-4 8-10")]
    [InlineData(TemporalOrderVariant.Pascanu, 3, 200, "20-40 60-80 120-140")]
    public void Symbols_to_order_stand_in_their_stretches_and_make_the_class(
        TemporalOrderVariant variant, int symbols, int length, string stretches)
    {
        Dataset data = TrainOf(new TemporalOrderSpec
        {
            Train = 2000,
            Test = 20,
            Length = length,
            Symbols = symbols,
            Variant = variant,
        });
        (int First, int Last)[] bounds =
            [.. stretches.Split(' ').Select(s => (int.Parse(s.Split('-')[0]), int.Parse(s.Split('-')[1])))];
        HashSet<int>[] places = [.. bounds.Select(_ => new HashSet<int>())];

        data.Classes.ShouldBe(1 << symbols);
        data.LongestDependency.ShouldBe(length - 1 - bounds[0].First);
        for (int i = 0; i < data.Count; i++)
        {
            int[] shown = SymbolsOf(data, i);
            int[] asked = [.. Enumerable.Range(0, length).Where(t => shown[t] < 2)];
            asked.Length.ShouldBe(symbols);
            for (int k = 0; k < symbols; k++) places[k].Add(asked[k]);
            data.Labels![i].ShouldBe(asked.Aggregate(0, (label, t) => (2 * label) + shown[t]));
        }

        places.Zip(bounds).ShouldAllBe(p => p.First.Order().SequenceEqual(
            Enumerable.Range(p.Second.First, p.Second.Last - p.Second.First + 1)));
    }

    [Fact]
    public void The_original_begins_with_E_and_ends_with_the_trigger_B()
    {
        Dataset original = TrainOf(Short with { Variant = TemporalOrderVariant.Hochreiter });
        Dataset later = TrainOf(Short);

        (original.InputShape[1], later.InputShape[1]).ShouldBe((8, 6));
        for (int i = 0; i < original.Count; i++)
        {
            int[] shown = SymbolsOf(original, i);
            (shown[0], shown[^1]).ShouldBe((6, 7));
            shown[1..^1].ShouldAllBe(symbol => symbol < 6);
        }
    }

    /// <summary>Each of a, b, c and d is a quarter of what is neither X nor Y.</summary>
    [Fact]
    public void Distractors_are_drawn_alike()
    {
        Dataset data = TrainOf(Short);
        int[] distractors = [.. Enumerable.Range(0, data.Count).SelectMany(i => SymbolsOf(data, i)).Where(s => s >= 2)];

        double tolerance = 4 * Math.Sqrt(0.25 * 0.75 / distractors.Length);
        for (int symbol = 2; symbol < 6; symbol++)
            (distractors.Count(s => s == symbol) / (double)distractors.Length).ShouldBe(0.25, tolerance);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Guessing_costs_the_logarithm_of_the_classes(int symbols)
    {
        DataSummary summary = DataSummary.Of(
            TrainOf(Short with { Symbols = symbols, Train = 4000 }), new CrossEntropySpec());

        summary.BaselineLoss!.Value.ShouldBe(symbols * Math.Log(2), 1e-3);
        summary.ChanceMetric!.Value.ShouldBe(Math.Pow(2, -symbols), 0.01);
    }

    private static readonly TemporalOrderSpec Short = new() { Train = 500, Test = 20, Length = 30 };
}
