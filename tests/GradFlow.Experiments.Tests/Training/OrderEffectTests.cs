using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What shuffling the time steps before the last does to a net's last output.</summary>
public sealed class OrderEffectTests
{
    private const string Symbols = "temporal-order: { length: 12, train: 100, test: 50 }",
        SeveralLengths = "temporal-order: { length: [10, 16], train: 100, test: 50 }";

    [Theory]
    [InlineData(Symbols, "linear: 8, attention: 2, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, attention: { heads: 2, kind: linear }, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, attention: { heads: 2, causal: true }, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, transformer-encoder: { heads: 2, hidden: 8, times: 2 }, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, tanh, global-avg-pool, linear: 4")]
    [InlineData(SeveralLengths, "linear: 8, attention: 2, last-step, linear: 4")]
    [InlineData(
        "reverse: { length: [4, 7], train: 100, test: 50 }",
        "linear: 8, attention: 2, transformer-decoder: { out: 8, heads: 2, hidden: 8 }")]
    public void A_net_of_a_set_of_steps_gives_the_same_for_any_order(string data, string model)
    {
        OrderEffect effect = Start(data, model).MeasureOrder()!;
        effect.Exchanged.ShouldBeGreaterThan(1e-3);
        effect.Share!.Value.ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(Symbols, "linear: 8, positions, attention: 2, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, positions: learned, attention: 2, last-step, linear: 4")]
    [InlineData(
        Symbols,
        "linear: 8, transformer-encoder: { heads: 2, hidden: 8, times: 2, causal: true }, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, attention: { heads: 2, window: 5 }, last-step, linear: 4")]
    [InlineData(Symbols, "conv1d: { out: 8, kernel: 3 }, global-avg-pool, linear: 4")]
    [InlineData(Symbols, "gru: 8, last-step, linear: 4")]
    [InlineData(Symbols, "flatten, linear: 4")]
    [InlineData(SeveralLengths, "linear: 8, positions, attention: 2, last-step, linear: 4")]
    public void A_net_that_sees_the_order_does_not(string data, string model) =>
        Start(data, model).MeasureOrder()!.Share!.Value.ShouldBeGreaterThan(1e-3);

    /// <summary>A branch that is multiplied by 0 at the start hides what it will see of the past.</summary>
    [Theory]
    [InlineData(Symbols, "linear: 8, last-step, linear: 4")]
    [InlineData(Symbols, "linear: 8, rezero: [ gru: 8 ], last-step, linear: 4")]
    [InlineData("adding: { length: 2, train: 100, test: 50 }", "attention: 1, last-step, linear: 1")]
    [InlineData("blobs: { samples: 100 }", "linear: 3")]
    public void Nothing_is_said_of_a_net_that_does_not_look_back(string data, string model) =>
        Start(data, model).MeasureOrder().ShouldBeNull();

    [Fact]
    public void A_training_ends_with_it_on_record_and_unchanged_by_it()
    {
        Trainer trainer = Start(Symbols, "linear: 8, attention: 2, dropout: 0.2, last-step, linear: 4");
        var tested = new LoopOptions { LastStep = 3 };

        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer), tested);

        (run.Order!.Step, run.Order.Samples).ShouldBe((3, 10));
        trainer.MeasureOrder().ShouldBe(run.Order, "the same sequences are shuffled alike");
        trainer.EvaluateValidation().ShouldBe(run.Evaluations.Last(e => e.Split == "validation"));
        TrainingLoop.Run(
            Start(Symbols, "gru: 8, last-step, linear: 4"), Trainings.RecorderOf(trainer),
            tested with { IsTested = false }).Order.ShouldBeNull();
    }

    private static Trainer Start(string data, string model) => Trainings.Start(Trainings.Parse(
        $"name: s\nseed: 1\ndata: {{ {data} }}\nmodel: [ {model} ]\n"
        + $"loss: {(data[0] == 'a' ? "mse" : "cross-entropy")}\n"
        + "optimizer: { adam: { lr: 0.01 } }\ntraining: { steps: 100, batch: 20 }\n"));
}
