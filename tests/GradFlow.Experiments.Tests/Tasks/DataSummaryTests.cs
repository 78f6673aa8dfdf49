namespace GradFlow.Experiments.Tests;

public sealed class DataSummaryTests
{
    private static readonly Dataset Classes = Dataset.ForClasses([1, 2, 3, -4, 0, 2, 1, 1], [2], [0, 1, 1, 1], 2);

    [Fact]
    public void Input_moments_are_those_of_the_definition()
    {
        DataSummary summary = DataSummary.Of(Classes, new CrossEntropySpec());

        summary.InputRms.ShouldBe(Math.Sqrt(36 / 8.0), 1e-12);
        summary.InputMaxAbs.ShouldBe(4);
        summary.MeanProduct.ShouldBe(MeanProduct(Classes), 1e-12);
        summary.ClassShares.ShouldBe([0.25, 0.75]);
        (summary.MetricName, summary.ChanceMetric).ShouldBe(("accuracy", 0.75));
    }

    [Fact]
    public void Baselines_are_the_losses_of_the_best_constant()
    {
        double entropy = -(0.25 * Math.Log(0.25)) - (0.75 * Math.Log(0.75));

        Baseline(new CrossEntropySpec()).ShouldBe(entropy, 1e-12);
        Baseline(new NllProbabilitiesSpec()).ShouldBe(entropy, 1e-12);
        Baseline(new BinaryCrossEntropySpec()).ShouldBe(entropy, 1e-12);
        Baseline(new MseSpec()).ShouldBe(0.1875, 1e-12);
    }

    [Fact]
    public void Regression_has_a_variance_and_an_error_that_it_is_the_measure_of()
    {
        Dataset data = Dataset.ForRegression([0, 0], [1], [1, 10, 3, 14], 2);

        DataSummary summary = DataSummary.Of(data, new MseSpec());

        summary.BaselineLoss.ShouldBe((1 + 4) / 2.0);
        summary.ClassShares.ShouldBeEmpty();
        (summary.MetricName, summary.ChanceMetric).ShouldBe(("NRMSE", 1));
        Dataset constant = Dataset.ForRegression([0, 0], [1], [1, 1], 1);
        DataSummary.Of(constant, new MseSpec()).MetricName.ShouldBeNull("nothing varies");
        DataSummary.Of(data, new BinaryCrossEntropySpec()).MetricName.ShouldBeNull("its outputs are logits");
        DataSummary.Of(data, new CrossEntropySpec()).BaselineLoss.ShouldBeNull();
    }

    private static double Baseline(LossSpec loss) => DataSummary.Of(Classes, loss).BaselineLoss!.Value;

    private static double MeanProduct(Dataset data)
    {
        float[][] rows = [.. data.Inputs.Chunk(data.Features)];
        return rows.SelectMany((a, i) => rows.Where((_, j) => j != i).Select(b => Product(a, b))).Average();
    }

    private static double Product(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Average();
}
