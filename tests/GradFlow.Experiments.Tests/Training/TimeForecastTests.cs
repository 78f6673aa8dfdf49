using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class TimeForecastTests
{
    private const int Seeds = 8;

    /// <summary>
    /// Theory takes a layer for infinitely wide, its state for settled from the first time step on, and what meets in a
    /// unit from one step to the next for independent. Layers of 64 units and sequences of under 40 time steps are off
    /// that by a few hundredths of a decade per step: 15 % or 0.03 decades are allowed, whichever is more.
    /// </summary>
    [Theory]
    [InlineData("rnn: 64")]
    [InlineData("rnn: { out: 64, recurrent-init: orthogonal }")]
    [InlineData("rnn: { out: 64, recurrent-init: { orthogonal: { gain: 0.8 } } }")]
    [InlineData("rnn: { out: 64, recurrent-init: { normal: 0.2 }, bias: zeros }")]
    [InlineData("rnn: { out: 64, activation: identity }")]
    [InlineData("rnn: { out: 64, activation: relu }")]
    [InlineData("irnn: 64")]
    [InlineData("lstm: 64")]
    [InlineData("lstm: { out: 64, forget-bias: 1 }")]
    [InlineData("lstm: { out: 64, forget-bias: 3 }")]
    [InlineData("lstm: { out: 64, forget-bias: 5 }")]
    [InlineData("gru: { out: 64, update-bias: 4 }")]
    [InlineData("gru: { out: 64, recurrent-init: orthogonal }")]
    [InlineData("lstm: { out: 64, recurrent-init: orthogonal }")]
    [InlineData("gru: 64")]
    [InlineData("gru: { out: 64, update-bias: 2 }")]
    public void The_forecast_of_a_time_step_is_what_is_measured(string layer)
    {
        double[] measured = new double[Seeds], forecast = new double[Seeds];
        for (int seed = 0; seed < Seeds; seed++)
        {
            Trainer trainer = Trainings.Start(Sequences($"{{ {layer} }}") with { Seed = seed });
            RunRecorder recorder = Trainings.RecorderOf(trainer);
            recorder.Set(trainer.Forecast(recorder.Current.Header.Structure));
            Run run = TrainingLoop.Run(trainer, recorder);
            Forecast scored = run.Forecast!;
            Outcome.Of(run).DecadesPerTimeStep.ShouldBe(scored.MeasuredDecadesPerTimeStep);
            measured[seed] = scored.MeasuredDecadesPerTimeStep.ShouldNotBeNull();
            forecast[seed] = scored.DecadesPerTimeStep.ShouldNotBeNull();
        }
        measured.Average().ShouldBe(forecast.Average(), Math.Max(0.03, 0.15 * Math.Abs(forecast.Average())));
    }

    [Fact]
    public void The_layer_with_the_longest_memory_is_forecast()
    {
        double alone = Of("lstm: { out: 16, forget-bias: 3 }").DecadesPerTimeStep!.Value;
        Of("lstm: { out: 16, forget-bias: 3 }, rnn: 16").DecadesPerTimeStep.ShouldBe(alone);
        Of("rnn: 16, lstm: { out: 16, forget-bias: 3 }").DecadesPerTimeStep!.Value.ShouldBe(alone, 0.02);
    }

    [Theory]
    [InlineData("rnn: 32, residual: [ attention: { heads: 1, causal: true } ]")]
    [InlineData("rnn: 32, transformer-encoder: { heads: 2, hidden: 16, causal: true }")]
    public void Nothing_is_expected_of_a_recurrence_that_attention_gets_around(string layers)
    {
        Forecast forecast = Of(layers);
        forecast.Expectation.ShouldBe("unknown");
        forecast.DecadesPerTimeStep.ShouldBe(Of("rnn: 32").DecadesPerTimeStep);
        forecast.Sentence.ShouldStartWith(
            "Attention lets time steps look at each other past the recurrence, which alone");
    }

    [Fact]
    public void What_is_not_covered_has_no_trainable_depth()
    {
        Forecast forecast = Of("rnn: { out: 16, bidirectional: true }, last-step");
        forecast.Expectation.ShouldBe("unknown");
        forecast.TrainableDepth.ShouldBeNull();
    }

    [Fact]
    public void A_gradient_that_vanishes_before_what_the_task_needs_is_said_to()
    {
        Forecast forecast = Of("rnn: 32");
        forecast.Expectation.ShouldBe("vanishes");
        forecast.Sentence.ShouldStartWith("Expected to vanish through time: 0.2");
        forecast.Sentence.ShouldEndWith(" over the 30 steps that the task needs.");
    }

    [Fact]
    public void Growing_recurrent_weights_are_expected_to_explode()
    {
        Forecast forecast = Of("rnn: { out: 32, recurrent-init: { orthogonal: { gain: 1.5 } }, activation: identity }");
        forecast.Expectation.ShouldBe("explodes");
        forecast.DecadesPerTimeStep!.Value.ShouldBe(Math.Log10(1.5), 1e-9);
    }

    [Fact]
    public void A_memory_that_is_kept_open_is_expected_to_flow()
    {
        Forecast forecast = Of("lstm: { out: 32, forget-bias: 5 }");
        forecast.Expectation.ShouldBe("flows");
        forecast.Sentence.ShouldStartWith("Expected to flow through time: 0.0");
    }

    [Theory]
    [InlineData("rnn: { out: 8, recurrent-init: { constant: 0.1 } }")]
    [InlineData("rnn: { out: 8, activation: relu, recurrent-init: { identity: { gain: 0.5 } } }")]
    public void What_theory_does_not_cover_is_left_open(string layer)
    {
        Forecast forecast = Of(layer);
        forecast.DecadesPerTimeStep.ShouldBeNull();
        forecast.Expectation.ShouldBe("unknown");
    }

    [Fact]
    public void A_window_that_ends_before_what_the_task_needs_is_forecast_to_cut_it()
    {
        Of("lstm: 16", truncate: 30).Sentence.ShouldEndWith(
            "Truncation cuts the gradient after 30 time steps, so none of it comes as far back as the 30 that the task "
            + "needs.");
        Of("lstm: 16", truncate: 31).Sentence.ShouldBe(Of("lstm: 16").Sentence);
    }

    [Fact]
    public void A_window_that_holds_the_whole_sequence_is_said_to_have_no_effect()
    {
        int steps = Grammar.StepsFor(30);
        Of("lstm: 16", truncate: steps - 1).Sentence.ShouldBe(Of("lstm: 16").Sentence);
        Of("lstm: 16", truncate: steps).Sentence.ShouldEndWith(
            $"Truncation after {steps} time steps has no effect: a sequence has {steps}.");
    }

    private static Forecast Of(string layers, int? truncate = null)
    {
        Experiment experiment = Sequences(layers);
        TruncateSpec? cut = truncate is null ? null : new() { Window = truncate };
        Trainer trainer = Trainings.Start(
            experiment with { Training = experiment.Training with { Truncate = cut } });
        return trainer.Forecast(Trainings.RecorderOf(trainer).Current.Header.Structure);
    }

    private static Experiment Sequences(string layers) =>
        Trainings.OfModel($"[ {layers}, linear: 39 ]", "{ steps: 1, batch: 32 }") with
        {
            Data = new AgreementSpec { Train = 64, Test = 8, Distance = 30 },
        };
}
