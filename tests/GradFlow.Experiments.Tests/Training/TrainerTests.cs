using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void The_error_of_numbers_to_predict_is_in_deviations_of_the_training_data()
    {
        Experiment experiment = Trainings.Parse("""
            name: sums
            data: { adding: { length: 4, train: 200, test: 60 } }
            model: [ rnn: 8, last-step, linear: 1 ]
            loss: mse
            optimizer: { adam: { lr: 0.01 } }
            training: { steps: 1, batch: 180, regularizers: [ l2: 0.1 ] }
            """);
        Trainer trainer = Trainings.Start(experiment);
        float[] targets = Trainings.DataOf(experiment).Train.Targets!;
        double mean = targets.Average(), variance = targets.Average(t => (t - mean) * (t - mean));

        Evaluation test = trainer.EvaluateTest()!;
        StepRecord step = trainer.Advance().Record;

        test.Metric!.Value.ShouldBe(Math.Sqrt(test.Loss / variance), 1e-9);
        step.Metric!.Value.ShouldBe(Math.Sqrt((step.Loss - step.Penalty!.Value) / variance), 1e-9);
        TrainingPlan plan = trainer.Describe(DateTimeOffset.UnixEpoch, "test").Plan;
        (plan.MetricName, plan.ChanceMetric, plan.IsJudgedByMetric).ShouldBe(("NRMSE", 1, false));
    }

    [Fact]
    public void A_last_batch_of_one_sample_is_left_out()
    {
        // 145 of 161 points are trained on.
        Experiment experiment = Trainings.Everything with
        {
            Data = new BlobsSpec { Samples = 201, Test = 0.2 },
            Training = Trainings.Everything.Training with { Steps = null, Epochs = 2 },
        };
        Trainer trainer = Trainings.Start(experiment);
        Trainings.DataOf(experiment).Train.Count.ShouldBe(145);
        trainer.StepsPerEpoch.ShouldBe(9);
        trainer.PlannedSteps.ShouldBe(18);
        trainer.Take(18).ShouldAllBe(step => double.IsFinite(step.Loss));
    }

    [Fact]
    public void Every_sample_is_a_step_where_the_batch_is_one()
    {
        Trainer trainer = Trainings.Start(Trainings.OfModel("[ linear: 3 ]", "{ epochs: 1, batch: 1 }"));
        trainer.PlannedSteps.ShouldBe(144);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_all_of_the_data()
    {
        Trainer trainer = Trainings.Start(Trainings.OfModel("[ linear: 3 ]", "{ epochs: 5, batch: 1000 }"));
        trainer.PlannedSteps.ShouldBe(5);
        trainer.Take(5)[^1].Epoch.ShouldBe(4);
    }

    [Fact]
    public void Steps_and_as_many_epochs_are_the_same_training()
    {
        Trainer bySteps = Trainings.Start(
            Trainings.OfModel("[ linear: 8, tanh, linear: 3 ]", "{ steps: 18, batch: 16 }"));
        Trainer byEpochs = Trainings.Start(
            Trainings.OfModel("[ linear: 8, tanh, linear: 3 ]", "{ epochs: 2, batch: 16 }"));
        byEpochs.PlannedSteps.ShouldBe(bySteps.PlannedSteps);
        bySteps.Take(18);
        byEpochs.Take(18);
        byEpochs.Capture().Bits().ShouldBe(bySteps.Capture().Bits());
    }

    [Fact]
    public void An_epoch_shows_every_sample_once()
    {
        // With a rate of almost nothing, the losses of an epoch's batches average to the loss over the training data.
        Experiment experiment = Trainings.OfModel("[ linear: 3 ]", "{ epochs: 2, batch: 16 }") with
        {
            Optimizer = new SgdSpec { LearningRate = 1e-30 },
        };
        List<StepRecord> steps = Trainings.Start(experiment).Take(18);
        steps.Take(9).Average(step => step.Loss).ShouldBe(steps.Skip(9).Average(step => step.Loss), 1e-6);
        steps.Select(step => step.Loss).Distinct().Count().ShouldBeGreaterThan(
            9, "each epoch is in an order of its own");
    }

    [Fact]
    public void Clipping_and_warm_up_are_told_by_the_records()
    {
        List<StepRecord> steps = Trainings.Start(Trainings.Everything).Take(30);
        steps.ShouldAllBe(step => step.ClippedNorm <= 0.5 * (1 + 1e-6) && step.ClipCoefficient <= 1);
        steps.ShouldContain(step => step.ClipCoefficient < 1);
        steps.Take(5).Select(step => step.LearningRate).ShouldBe([0.002, 0.004, 0.006, 0.008, 0.01], 1e-12);
        steps[^1].LearningRate.ShouldBeLessThan(0.001);
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("mse")]
    [InlineData("binary-cross-entropy")]
    public void A_net_learns_with_any_loss_of_classes(string loss)
    {
        Experiment experiment = Trainings.Parse($$"""
            name: learns
            data: { blobs: { samples: 400 } }
            model: [ linear: 16, relu, linear: 3 ]
            loss: {{loss}}
            optimizer: { adam: { lr: 0.02 } }
            training: { steps: 150, batch: 32 }
            """);
        Trainer trainer = Trainings.Start(experiment);
        trainer.Take(150);
        trainer.EvaluateTest()!.Metric.ShouldNotBeNull().ShouldBeGreaterThan(0.9);
    }
}
