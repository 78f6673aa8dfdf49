using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What narrow windows of attention keep from the output, told before the first step.</summary>
public sealed class ReachForecastTests
{
    private const string Latch = "latch: { length: 23, shown: 3, train: 16, test: 10 }";

    [Fact]
    public void Windows_that_end_before_what_the_task_needs_are_forecast_to_keep_it_from_the_output()
    {
        Forecast forecast = Of(Latch, "linear: 8", "causal: true, window: 4, times: 2", "last-step, linear: 2");
        forecast.Expectation.ShouldBe("vanishes");
        forecast.Sentence.ShouldBe("Expected to vanish through time: through 2 layers of attention with windows of 4 "
            + "time steps the output sees no further back than 6, where the task needs 20, and exactly none of the "
            + "gradient comes that far.");
    }

    [Theory]
    [InlineData("causal: true, window: 11, times: 2")]
    [InlineData("window: 20, times: 2")]
    [InlineData("causal: true, times: 2")]
    public void Windows_that_suffice_are_not_spoken_of(string windows)
    {
        Forecast forecast = Of(Latch, "linear: 8", windows, "last-step, linear: 2");
        forecast.Expectation.ShouldBe("unknown");
        forecast.Sentence.ShouldNotContain("attention");
    }

    [Fact]
    public void Where_no_need_is_known_the_length_of_a_sequence_is_told_beside()
    {
        Forecast forecast = Of("text: { window: 12 }", "embedding: 8", "causal: true, window: 4", "linear: 34");
        forecast.Expectation.ShouldBe("unknown");
        forecast.Sentence.ShouldEndWith(" Through 1 layer of attention with a window of 4 time steps the output sees "
            + "no further back than 3, where a sequence has 12: what lies further back is never learned from.");
    }

    private static Forecast Of(string data, string first, string windows, string last)
    {
        Trainer trainer = Trainings.Start(Trainings.Parse($$"""
            name: windows
            data: { {{data}} }
            model:
              - {{first}}
              - transformer-encoder: { heads: 2, hidden: 8, {{windows}} }
            {{string.Join('\n', last.Split(", ").Select(layer => $"  - {layer}"))}}
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.1 } }
            training: { steps: 1, batch: 4 }
            """));
        return trainer.Forecast(Trainings.RecorderOf(trainer).Current.Header.Structure);
    }
}
