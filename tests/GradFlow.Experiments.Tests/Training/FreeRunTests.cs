using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

public sealed class FreeRunTests
{
    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(0.8, 1)]
    [InlineData(0.8, 5)]
    public void Errors_are_those_of_predictions_fed_back(double factor, int steps)
    {
        const int Length = 8;
        float[] series = [.. Enumerable.Range(0, 2 * Length).Select(
            i => (float)((i / Length + 1) * Math.Pow(0.9, i % Length)))];
        Dataset data = Dataset.ForRegression(series, [Length, 1], new float[2 * Length], 1);
        var weight = new Parameter("linear.weight", Tensor.From([(float)factor]).Reshape(new Shape(1, 1)));
        var net = new Sequential("net", [new Linear("linear", weight, null)]);
        double wanted = Math.Pow(0.9, Length - 1), given = Math.Pow(0.9, Length - 1 - steps) * Math.Pow(factor, steps);

        double expected = (1 + 4) / 2.0 * Math.Pow(given - wanted, 2);

        FreeRun.MeanSquaredError(net, data, steps).ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void A_reservoir_goes_on_with_the_series_by_itself()
    {
        Trainer trainer = Trainings.Start(Series("free-run: 20"));
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer));
        Evaluation free = run.Evaluations.Single(evaluation => evaluation.Split == "free-run");
        Outcome.Of(run).FreeRunError.ShouldBe(Math.Sqrt(free.Loss / run.Header.Plan.BaselineLoss!.Value));
        Outcome.Of(run).FreeRunError!.Value.ShouldBeLessThan(0.1);
        free.Loss.ShouldBeGreaterThan(run.Evaluations.Last(evaluation => evaluation.Split == "test").Loss);
    }

    [Theory]
    [InlineData("free-run: 150", "'free-run' is 150 of 150 steps; expected fewer")]
    [InlineData("free-run: 20, ahead: 2", "'free-run' needs predictions one step ahead, found 'ahead: 2'; leave one of "
        + "them out")]
    public void Runs_that_cannot_be_are_refused(string keys, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Series(keys)).Message.ShouldContain(problem);

    private static Experiment Series(string keys) => Trainings.Parse($$"""
        name: series
        data: { mackey-glass: { length: 150, washout: 60, train: 10, test: 10, {{keys}} } }
        model:
          - echo-state: { out: 100, spectral-radius: 0.8, bias-scale: 0.2 }
          - linear: { out: 1, init: { ridge: 1e-7 } }
        loss: mse
        optimizer: sgd
        training: { steps: 0 }
        """);
}
