using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class NonFiniteTests
{
    /// <summary>exp(100·(x + y)) of points on the unit circle is beyond float32.</summary>
    private const string Overflowing = "[ linear: { out: 4, init: { constant: 100 } }, exponential, linear: 3 ]";

    private const string Plain = "[ linear: 8, batch-norm, relu, linear: 8, relu, linear: 3 ]";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_overflow_on_the_way_forward_names_its_layer_and_operation(bool isWatched)
    {
        Trainer trainer = TrainUntilBroken(Trainings.OfModel(Overflowing), isWatched);
        trainer.NonFinite.ShouldBe(new NonFiniteOrigin(0, "forward", "exponential-1", "exp", "inf"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Steps_that_are_too_large_break_the_training(bool isWatched)
    {
        Trainer trainer = TrainUntilBroken(TooFast, isWatched);
        trainer.NonFinite.ShouldNotBeNull().ShouldBe(TrainUntilBroken(TooFast, !isWatched).NonFinite);
        trainer.NonFinite.Step.ShouldBeGreaterThanOrEqualTo(0);
        trainer.Model.Net.SelfAndDescendants().ShouldContain(module => module.Name == trainer.NonFinite.Layer);
    }

    [Fact]
    public void A_broken_step_changes_no_weight()
    {
        Trainer trainer = Trainings.Start(Trainings.OfModel(Overflowing));
        double[][] before = Weights(trainer);
        trainer.Advance();
        trainer.IsBroken.ShouldBeTrue();
        foreach ((double[] now, double[] then) in Weights(trainer).Zip(before)) now.ShouldBe(then);
    }

    [Fact]
    public void A_sound_training_has_no_origin()
    {
        Trainer trainer = Trainings.Start(Trainings.OfModel(Plain));
        trainer.Take(20);
        trainer.IsBroken.ShouldBeFalse();
        trainer.NonFinite.ShouldBeNull();
    }

    [Fact]
    public void A_restored_training_is_no_longer_broken()
    {
        Trainer trainer = Trainings.Start(TooFast);
        TrainingState sound = trainer.Capture();
        while (!trainer.IsBroken) trainer.Advance();
        trainer.Restore(sound);
        trainer.IsBroken.ShouldBeFalse();
        trainer.NonFinite.ShouldBeNull();
        trainer.Advance().Record.Loss.ShouldBe(Trainings.Start(TooFast).Advance().Record.Loss);
    }

    private static Experiment TooFast =>
        Trainings.OfModel(Plain) with { Optimizer = new SgdSpec { LearningRate = 1e20 } };

    private static double[][] Weights(Trainer trainer) =>
        [.. trainer.Model.Net.AllParameters().Select(p => p.Value.ToDoubles())];

    private static Trainer TrainUntilBroken(Experiment experiment, bool isWatched)
    {
        Trainer trainer = Trainings.Start(experiment);
        if (isWatched)
        {
            RunStructure structure = Trainings.RecorderOf(trainer).Current.Header.Structure;
            trainer.Watch = new NetWatch(
                trainer.Model.Net, structure, 16, new WatchOptions { Budget = 1, MaxInterval = 1 });
        }
        for (int step = 0; step < 20 && !trainer.IsBroken; step++) trainer.Advance();
        trainer.IsBroken.ShouldBeTrue();
        return trainer;
    }
}
