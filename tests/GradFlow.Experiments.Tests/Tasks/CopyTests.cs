using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

public sealed class CopyTests
{
    [Theory]
    [InlineData(50, 10, 8)]
    [InlineData(1, 3, 2)]
    public void Symbols_are_asked_for_in_their_order_behind_the_delimiter(int length, int remember, int symbols)
    {
        Dataset data = TrainOf(new CopySpec
        {
            Train = 100,
            Test = 20,
            Length = length,
            Remember = remember,
            Symbols = symbols,
        });
        int blank = symbols, delimiter = symbols + 1;
        int steps = length + (2 * remember);

        data.InputShape.ShouldBe([steps, symbols + 2]);
        (data.Classes, data.LabelsPerSample, data.LongestDependency).ShouldBe((symbols + 1, steps, length + remember));
        for (int i = 0; i < data.Count; i++)
        {
            int[] shown = SymbolsOf(data, i), labels = data.Labels![(i * steps)..((i + 1) * steps)];
            shown[..remember].ShouldAllBe(symbol => symbol < symbols);
            shown[remember..].ShouldBe(
                [.. Enumerable.Repeat(blank, length - 1), delimiter, .. Enumerable.Repeat(blank, remember)]);
            labels.ShouldBe([.. Enumerable.Repeat(blank, length + remember), .. shown[..remember]]);
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(200)]
    public void Without_memory_the_loss_is_that_of_guessing_the_recalled_symbols(int length)
    {
        Dataset data = TrainOf(new CopySpec { Train = 2000, Test = 20, Length = length });

        DataSummary summary = DataSummary.Of(data, new CrossEntropySpec(), isEveryStep: true);

        summary.BaselineLoss!.Value.ShouldBe(10 * Math.Log(8) / (length + 20), 1e-12);
        int judged = 10 * data.Count;
        summary.ChanceMetric!.Value.ShouldBe(1 / 8.0, 4 * Math.Sqrt(7 / 64.0 / judged));
        summary.ClassShares[8].ShouldBe((length + 10.0) / (length + 20), 1e-12);
    }

    [Fact]
    public void All_recalled_symbols_are_judged_and_no_blank()
    {
        Dataset data = TrainOf(new CopySpec { Train = 20, Test = 20, Length = 5, Remember = 4 });

        data.LastLabels(data.Traits.Judged).Count().ShouldBe(4 * data.Count);
        data.LastLabels(data.Traits.Judged).ShouldAllBe(label => label < 8);
    }
}
