namespace GradFlow.Experiments.Tests;

public sealed class SeriesTests
{
    private static readonly MackeyGlassSpec Short = new() { Train = 20, Test = 10, Length = 100, Washout = 10 };

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Targets_are_the_series_itself_some_steps_ahead(int ahead)
    {
        Dataset data = LiteratureTasks.TrainOf(Short with { Ahead = ahead });

        (data.TargetSize, data.LabelsPerSample, data.LongestDependency).ShouldBe((1, 100, null));
        for (int i = 0; i < data.Count; i++)
        {
            float[] x = data.Inputs[(100 * i)..(100 * (i + 1))], y = data.Targets![(100 * i)..(100 * (i + 1))];
            y[..10].ShouldAllBe(target => float.IsNaN(target));
            y[10..^ahead].ShouldBe(x[(10 + ahead)..]);
        }
    }

    [Theory]
    [InlineData(17)]
    [InlineData(30)]
    public void The_series_solves_its_delay_equation(int tau)
    {
        double[] x = [.. MackeyGlass.Samples(tau, 1.2).Take(400)];
        double[] reference = Euler(tau, 1.2, 400, 2000);

        for (int t = 0; t < 100; t++) x[t].ShouldBe(reference[t], 2e-3);
    }

    /// <summary>A method of fourth order with 100 times the steps is 100 times nearer and more.</summary>
    [Fact]
    public void Squashed_numbers_are_those_of_the_plain_series()
    {
        Dataset squashed = LiteratureTasks.TrainOf(Short);
        Dataset plain = LiteratureTasks.TrainOf(Short with { Squash = false });

        squashed.Inputs.ShouldBe(plain.Inputs.Select(x => MathF.Tanh(x - 1)), 1e-6f);
        plain.Inputs.ShouldAllBe(x => x > 0.2f && x < 1.6f);
        squashed.Inputs.Max().ShouldBeGreaterThan(0.2f);
    }

    [Fact]
    public void Outputs_of_the_filter_follow_from_its_inputs()
    {
        Dataset data = LiteratureTasks.TrainOf(new Narma10Spec { Train = 100, Test = 10, Length = 60, Washout = 0 });

        data.LongestDependency.ShouldBe(9);
        data.Inputs.ShouldAllBe(u => u >= 0 && u <= 0.5f);
        for (int i = 0; i < data.Count; i++)
        {
            double[] y = new double[61];
            double U(int t) => t < 0 ? 0 : data.Inputs[(60 * i) + t];
            for (int t = 0; t < 60; t++)
            {
                double sum = Enumerable.Range(0, 10).Sum(k => t >= k ? y[t - k] : 0);
                y[t + 1] = (0.3 * y[t]) + (0.05 * y[t] * sum) + (1.5 * U(t - 9) * U(t)) + 0.1;
                ((double)data.Targets![(60 * i) + t]).ShouldBe(y[t + 1], 1e-5);
            }
        }
    }

    [Fact]
    public void The_baseline_is_the_variance_of_the_targets_behind_the_washout()
    {
        Dataset data = LiteratureTasks.TrainOf(Short);
        double[] counted = [.. data.Targets!.Where(target => !float.IsNaN(target)).Select(target => (double)target)];
        double mean = counted.Average();

        DataSummary summary = DataSummary.Of(data, new MseSpec(), isEveryStep: true);

        counted.Length.ShouldBe(90 * data.Count);
        summary.BaselineLoss!.Value.ShouldBe(counted.Average(x => (x - mean) * (x - mean)), 1e-9);
    }

    /// <summary>Euler's method with steps so small that it is as good as exact.</summary>
    private static double[] Euler(int tau, double start, int samples, int stepsPerSample)
    {
        double h = 1.0 / stepsPerSample;
        double[] x = new double[(samples * stepsPerSample) + 1];
        x[0] = start;
        for (int n = 0; n + 1 < x.Length; n++)
        {
            double delayed = n >= tau * stepsPerSample ? x[n - (tau * stepsPerSample)] : start;
            x[n + 1] = x[n] + (h * ((0.2 * delayed / (1 + Math.Pow(delayed, 10))) - (0.1 * x[n])));
        }

        return [.. Enumerable.Range(0, samples).Select(t => x[t * stepsPerSample])];
    }
}
