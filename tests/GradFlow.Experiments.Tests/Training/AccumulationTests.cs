using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Updates of several backward passes.</summary>
public sealed class AccumulationTests
{
    private const string Model = "[ linear: 8, tanh, layer-norm, linear: 3 ]";

    /// <summary>
    /// Sums of fewer than 200 terms, none beyond 1, in float32: the bound on what their order may change.
    /// </summary>
    private const double Rounding = 200 * 6e-8;

    [Theory]
    [InlineData("batch: 32, accumulate: 4", "batch: 128")]
    [InlineData("batch: 10, accumulate: 5", "batch: 50")] // the epoch ends with 44 samples, so with a batch of 4
    [InlineData("batch: 10, accumulate: 5, regularizers: [ l2: 0.1 ]", "batch: 50, regularizers: [ l2: 0.1 ]")]
    [InlineData("batch: 1, accumulate: 16", "batch: 16")]
    public void A_step_is_that_of_the_joint_batch(string accumulated, string joint)
    {
        Trainer parts = Start(accumulated), whole = Start(joint);
        parts.StepsPerEpoch.ShouldBe(whole.StepsPerEpoch);
        for (int step = 0; step < 3; step++)
        {
            StepRecord expected = whole.Advance().Record, record = parts.Advance().Record;
            record.Loss.ShouldBe(expected.Loss, Rounding);
            record.Penalty.ShouldBe(expected.Penalty);
            record.Metric!.Value.ShouldBe(expected.Metric!.Value, 1e-12);
            record.GradientNorm!.Value.ShouldBe(expected.GradientNorm!.Value, Rounding);
            Farthest(parts, whole).ShouldBeLessThan(Rounding);
            whole.Restore(parts.Capture());
        }
    }

    [Fact]
    public void A_single_batch_is_another_step()
    {
        Trainer one = Start("batch: 32"), whole = Start("batch: 128");
        one.Advance();
        whole.Advance();
        Farthest(one, whole).ShouldBeGreaterThan(100 * Rounding);
    }

    [Fact]
    public void A_single_sample_left_over_is_left_out()
    {
        // Of 144 points three updates take 39 each, and the fourth 27: two batches of 13, and a sample on its own.
        Trainer trainer = Start("batch: 13, accumulate: 3", "[ linear: 8, batch-norm, tanh, linear: 3 ]");
        trainer.StepsPerEpoch.ShouldBe(4);
        trainer.Take(8).ShouldAllBe(step => double.IsFinite(step.Loss));
        trainer.Describe(DateTimeOffset.UnixEpoch, "test").Plan.BatchSize.ShouldBe(39);
    }

    [Fact]
    public void A_frame_shows_the_gradients_that_the_update_is_made_of()
    {
        Trainer alone = Start("batch: 8, accumulate: 4"), watched = Start("batch: 8, accumulate: 4");
        RunStructure structure = watched.Describe(DateTimeOffset.UnixEpoch, "test").Structure;
        watched.Watch = new NetWatch(watched.Model.Net, structure, 8, new WatchOptions { Budget = 1, MaxInterval = 1 });
        for (int step = 0; step < 3; step++)
        {
            (StepRecord record, Frame? frame) = watched.Advance();
            double squares = frame!.Parameters!.GradientNorm!.Sum(norm => Math.Pow(10, 2 * norm!.Value));
            Math.Sqrt(squares).ShouldBe(record.GradientNorm!.Value, 1e-6);
            frame.CutNorms.ShouldNotBeNull().ShouldAllBe(norm => double.IsFinite(norm!.Value));
        }
        alone.Take(3);
        watched.Capture().Bits().ShouldBe(alone.Capture().Bits());
    }

    [Fact]
    public void What_is_not_finite_is_found_in_any_of_the_batches()
    {
        Experiment experiment = Trainings.OfModel(Model, "{ steps: 5, batch: 8, accumulate: 4 }");
        DataSplits data = Trainings.DataOf(experiment);
        int first = new Tensors.RandomKey(experiment.Seed, "shuffle").At(0).Permutation(data.Train.Count)[0];
        data.Train.Inputs[first * data.Train.Features] = float.NaN;
        var trainer = new Trainer(experiment, data, "test.yaml");
        trainer.Advance();
        trainer.IsBroken.ShouldBeTrue();
        trainer.NonFinite.ShouldNotBeNull().Phase.ShouldBe("data");
    }

    private static Trainer Start(string training, string model = Model) =>
        Trainings.Start(Trainings.OfModel(model, $"{{ epochs: 5, {training} }}"));

    /// <summary>The largest difference between two nets' parameters.</summary>
    private static double Farthest(Trainer a, Trainer b) => a.Model.Net.AllParameters().Zip(b.Model.Net.AllParameters())
        .Max(pair => pair.First.Value.ToDoubles().Zip(pair.Second.Value.ToDoubles(), (x, y) => Math.Abs(x - y)).Max());
}
