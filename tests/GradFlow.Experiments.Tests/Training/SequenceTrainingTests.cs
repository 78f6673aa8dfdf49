using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>
/// Targets at every time step or at the last, with nets that have outputs at every one or at the last.
/// </summary>
public sealed class SequenceTrainingTests
{
    /// <summary>Two sequences of three steps of two numbers, with a class at each step.</summary>
    private static readonly Dataset PerStep =
        Dataset.ForClasses([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [3, 2], [0, 1, 1, 0, 0, 1], 2, 2);

    private static readonly Dataset AtTheEnd = Dataset.ForRegression(new float[12], [3, 2], [5, 6], 1, 2);

    [Fact]
    public void A_net_with_outputs_at_every_step_is_compared_at_every_step()
    {
        using var tape = new Tape();

        Batches labels = new(PerStep, new CrossEntropySpec(), Net(2, 3));
        labels.Targets(tape, [1, 0]).Labels.ToArray().ShouldBe([0, 0, 1, 0, 1, 1]);
        labels.JudgedLabels([1, 0]).ShouldBe([-1, -1, 1, -1, -1, 1]);
        labels.Inputs(tape, [1]).Shape.ShouldBe(new Shape(1, 3, 2));

        Tensor values = new Batches(PerStep, new MseSpec(), Net(2, 3)).Targets(tape, [0]).Values!;
        values.Shape.ShouldBe(new Shape(1, 3, 2));
        values.ToDoubles().ShouldBe([1, 0, 0, 1, 0, 1]);
    }

    [Fact]
    public void A_net_with_outputs_at_the_end_is_compared_at_the_last_step()
    {
        using var tape = new Tape();

        Batches labels = new(PerStep, new CrossEntropySpec(), Net(2, null));
        labels.Targets(tape, [0, 1]).Labels.ToArray().ShouldBe([1, 1]);

        Tensor values = new Batches(PerStep, new MseSpec(), Net(2, null)).Targets(tape, [0]).Values!;
        values.Shape.ShouldBe(new Shape(1, 2));
        values.ToDoubles().ShouldBe([0, 1]);
        new Batches(AtTheEnd, new MseSpec(), Net(1, null)).Targets(tape, [1, 0]).Values!.ToDoubles().ShouldBe([6, 5]);
    }

    [Fact]
    public void Outputs_at_every_step_need_targets_at_every_step()
    {
        Fit.Require(Trainings.OfModel("[ linear: 2 ]"), PerStep, Net(2, 3), "test.yaml");
        Fit.Require(Trainings.OfModel("[ linear: 2 ]"), PerStep, Net(2, null), "test.yaml");
        Experiment regression = Trainings.OfModel("[ linear: 1 ]") with { Loss = new MseSpec() };
        Fit.Require(regression, AtTheEnd, Net(1, null), "test.yaml");

        Should.Throw<InvalidExperimentException>(() => Fit.Require(regression, AtTheEnd, Net(1, 3), "test.yaml"))
            .Message.ShouldBe(
                "test.yaml:4: model: has outputs at each of 3 time steps, but the data has one target per "
                + "sequence; put 'last-step' before the last layer");
    }

    [Theory]
    [InlineData("linear: 4", "put 'last-step' before the last layer")]
    [InlineData("gru: 4", "put 'last-step' behind the last layer")]
    [InlineData("attention-decoder: 4",
        "expected 'last-step' and 'linear: 4' in place of 'attention-decoder', or data such as 'reverse'")]
    public void What_makes_one_output_of_a_sequence_fits_the_last_layer(string last, string expected) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Sequence(
            "{ temporal-order: { length: 20, train: 20, test: 10 } }", $"[ {last} ]", "cross-entropy")))
            .Message.ShouldEndWith("one target per sequence; " + expected);

    [Theory]
    [InlineData("temporal-order: { length: 20, train: 20, test: 10 }", "last-step, linear: 4")]
    [InlineData("temporal-order: { length: 20, train: 20, test: 10 }", "gru: 4, last-step")]
    [InlineData("reverse: { length: 4, train: 20, test: 10 }", "attention-decoder: 8")]
    public void What_is_expected_of_a_last_layer_works(string data, string model) =>
        Trainings.Start(Sequence($"{{ {data} }}", $"[ {model} ]", "cross-entropy")).Step.ShouldBe(0);

    [Fact]
    public void The_baseline_is_that_of_the_steps_that_are_compared()
    {
        DataSummary every = DataSummary.Of(PerStep, new CrossEntropySpec(), isEveryStep: true);
        DataSummary last = DataSummary.Of(PerStep, new CrossEntropySpec());

        (every.BaselineLoss, every.ChanceMetric).ShouldBe((Math.Log(2), 1));
        (last.BaselineLoss, last.ChanceMetric).ShouldBe((0, 1));
        every.ClassShares.ShouldBe([0.5, 0.5]);
        last.ClassShares.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_net_that_sees_the_whole_sentence_learns_the_language()
    {
        Trainer trainer = Trainings.Start(Sequence(
            "{ agreement: { distance: 6, train: 300, test: 100 } }", "[ flatten, linear: 39 ]", "cross-entropy"));

        TrainingPlan plan = Trainings.RecorderOf(trainer).Current.Header.Plan;
        (plan.LongestDependency, plan.MetricName).ShouldBe((6, "accuracy"));
        plan.ChanceMetric!.Value.ShouldBeInRange(0.25, 0.3);
        plan.BaselineLoss!.Value.ShouldBe(Math.Log(4), 0.02);
        trainer.Take(100);
        trainer.EvaluateTest()!.Metric.ShouldBe(1);
    }

    [Fact]
    public void Every_sequence_task_trains_with_a_net_that_sees_all_of_it()
    {
        Finite("{ adding: { length: 6, train: 50, test: 20 } }", "[ flatten, linear: 1 ]", "mse").ShouldBe(5);
        Finite("{ latch: { length: 6, train: 50, test: 20 } }", "[ flatten, linear: 2 ]", "cross-entropy").ShouldBe(3);
        Finite("{ latch: { length: 6, train: 50, test: 20 } }", "[ flatten, linear: 1 ]", "binary-cross-entropy")
            .ShouldBe(3);
        Finite("{ temporal-order: { length: 10, train: 50, test: 20 } }", "[ flatten, linear: 4 ]", "cross-entropy")
            .ShouldBe(8);
        Finite("{ multiplication: { length: 6, train: 50, test: 20 } }", "[ flatten, linear: 1 ]", "mse").ShouldBe(5);
        Finite(
            "{ copy: { length: 3, train: 50, test: 20 } }", "[ rnn: { out: 8 }, linear: 9 ]", "cross-entropy")
            .ShouldBe(13);
    }

    [Theory]
    [InlineData("lag: { length: 6, train: 60, test: 20 }", "rnn: { out: 8 }, linear: 7", "cross-entropy")]
    [InlineData("lag: { length: 3, variant: open, train: 60, test: 20 }", "lstm: { out: 8 }, last-step, linear: 2",
        "cross-entropy")]
    [InlineData("reber: { train: 60, test: 20 }", "gru: { out: 8 }, linear: 7", "cross-entropy")]
    [InlineData("mackey-glass: { length: 40, train: 60, test: 20 }", "rnn: { out: 8 }, linear: 1", "mse")]
    [InlineData("mackey-glass: { length: 40, train: 60, test: 20 }", "rnn: { out: 8 }, last-step, linear: 1", "mse")]
    [InlineData("narma10: { length: 40, train: 60, test: 20 }", "rnn: { out: 8 }, linear: 1", "mse")]
    public void Every_task_of_the_literature_is_learned_a_little(string data, string model, string loss)
    {
        Trainer trainer = Trainings.Start(Sequence($"{{ {data} }}", $"[ {model} ]", loss));
        double before = trainer.EvaluateTest()!.Loss;

        trainer.Take(30).ShouldAllBe(step => double.IsFinite(step.Loss));

        trainer.EvaluateTest()!.Loss.ShouldBeLessThan(before);
    }

    [Fact]
    public void Targets_before_the_washout_are_not_learned()
    {
        Experiment experiment = Sequence(
            "{ narma10: { length: 12, washout: 11, train: 60, test: 20 } }", "[ linear: 1 ]", "mse");
        Trainer trainer = Trainings.Start(experiment);
        Dataset test = Trainings.DataOf(experiment).Test!;
        Tensor weight = trainer.Model.Net.AllParameters()[0].Value, bias = trainer.Model.Net.AllParameters()[1].Value;

        double expected = Enumerable.Range(0, test.Count).Average(i => Math.Pow(
            (weight[0, 0] * test.Inputs[(12 * i) + 11]) + bias[0] - test.Targets![(12 * i) + 11], 2));

        trainer.EvaluateTest()!.Loss.ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void Copied_symbols_are_what_the_accuracy_counts()
    {
        Trainer trainer = Trainings.Start(Sequence(
            "{ copy: { length: 4, remember: 2, train: 50, test: 20 } }", "[ linear: { out: 9, init: zeros } ]",
            "cross-entropy"));

        trainer.Take(40);

        Evaluation judged = trainer.EvaluateValidation();
        judged.Metric.ShouldBe(0, "it says blank always, as six of the eight steps want");
        judged.Loss.ShouldBeLessThan(Math.Log(9));
    }

    private static int? Finite(string data, string model, string loss)
    {
        Trainer trainer = Trainings.Start(Sequence(data, model, loss));
        trainer.Take(5).ShouldAllBe(step => double.IsFinite(step.Loss));
        double.IsFinite(trainer.EvaluateTest()!.Loss).ShouldBeTrue();
        return Trainings.RecorderOf(trainer).Current.Header.Plan.LongestDependency;
    }

    private static Experiment Sequence(string data, string model, string loss) => Trainings.Parse(
        $"name: s\nseed: 1\ndata: {data}\nmodel: {model}\nloss: {loss}\n"
        + "optimizer: { adam: { lr: 0.03 } }\ntraining: { steps: 100, batch: 32 }\n");

    private static Model Net(int outputs, int? steps) =>
        ModelBuilder.Build(Trainings.OfModel($"[ linear: {outputs} ]"), [2], "test.yaml") with { StepsOut = steps };

    [Fact]
    public void Judging_more_long_sequences_takes_no_more_memory()
    {
        long few = PooledBytes(samples: 320), many = PooledBytes(samples: 1280);
        many.ShouldBe(few);

        static long PooledBytes(int samples)
        {
            Trainer trainer = Trainings.Start(Trainings.Parse($$"""
                name: long
                seed: 1
                data: { latch: { length: 2000, train: {{samples}} } }
                model: [ rnn: 4, last-step, linear: 2 ]
                loss: cross-entropy
                optimizer: { sgd: { lr: 0.01 } }
                training: { steps: 1, batch: 4 }
                """));
            trainer.EvaluateValidation();
            return trainer.PooledBytes;
        }
    }
}
