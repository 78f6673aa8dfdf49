using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Trainings that outlive steps whose loss or gradient isn't finite.</summary>
public sealed class RescueTests
{
    /// <summary>The second step is infinite at this rate, and sound at 10⁻⁴⁰ of it.</summary>
    private const string TooFast = "{ sgd: { lr: 1e39, momentum: 0.5 } }";

    [Fact]
    public void A_skipped_step_changes_neither_weights_nor_running_means()
    {
        Trainer trainer = Trainings.Start(Trainings.WithRecipe(TooFast, ", non-finite: { skip: 3 }"));
        trainer.Advance();
        Dictionary<string, string> before = Numbers(trainer);
        StepRecord skipped = trainer.Advance().Record;
        double.IsFinite(skipped.GradientNorm!.Value).ShouldBeFalse();
        (skipped.ClippedNorm, skipped.ClipCoefficient).ShouldBe((0, 0));
        trainer.IsBroken.ShouldBeFalse();
        trainer.NonFinite.ShouldNotBeNull().Phase.ShouldBe("update");
        Numbers(trainer).ShouldBe(before);
    }

    [Fact]
    public void More_steps_in_a_row_than_may_be_skipped_end_the_training()
    {
        Trainer trainer = Trainings.Start(Trainings.WithRecipe(TooFast, ", non-finite: { skip: 3 }"));
        trainer.Take(4);
        trainer.IsBroken.ShouldBeFalse();
        trainer.Advance().Record.ClippedNorm.ShouldNotBe(0);
        trainer.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void A_restored_training_goes_back_and_learns_at_the_lower_rate()
    {
        Trainer trainer = Trainings.Start(
            Trainings.WithRecipe(TooFast, ", non-finite: { restore: { factor: 1e-40 } }"));
        Dictionary<string, string> start = Numbers(trainer);
        trainer.Take(2)[1].ClippedNorm.ShouldBe(0);
        Numbers(trainer).ShouldBe(start);
        StepRecord next = trainer.Advance().Record;
        next.Step.ShouldBe(2, "steps are counted on, so that records keep their order");
        next.LearningRate.ShouldBe(0.1, 1e-12);
        trainer.Take(27)[^1].Loss.ShouldBeLessThan(0.8 * next.Loss);
        trainer.IsBroken.ShouldBeFalse();
    }

    [Fact]
    public void Only_a_state_that_others_have_followed_is_gone_back_to()
    {
        // States are kept before steps 0, 2 and 4; trouble at step 5 goes back to that of step 2.
        string[] training = ["", ", non-finite: { restore: { every: 2, factor: 1 } }"];
        Trainer[] trainers = [.. training.Select(
            more => Trainings.Start(Trainings.WithRecipe("{ sgd: { lr: 0.1 } }", more)))];
        trainers[0].Take(2);
        trainers[1].Take(5);
        Kernels.FillInPlace(trainers[1].Model.Net.AllParameters()[0].Value, double.NaN);
        trainers[1].Advance().Record.ClippedNorm.ShouldBe(0);
        Numbers(trainers[1]).ShouldBe(Numbers(trainers[0]));
    }

    [Fact]
    public void A_training_that_cannot_be_saved_ends_after_so_many_times()
    {
        Trainer trainer = Trainings.Start(
            Trainings.WithRecipe(TooFast, ", non-finite: { restore: { factor: 1, at-most: 3 } }"));
        int steps = 0;
        for (; !trainer.IsBroken && steps < 20; steps++) trainer.Advance();
        // A sound step and a broken one, four times over.
        steps.ShouldBe(8);
    }

    [Fact]
    public void A_loop_records_a_rescued_training_as_completed()
    {
        Trainer trainer = Trainings.Start(
            Trainings.WithRecipe(TooFast, ", non-finite: { restore: { factor: 1e-40 } }"));
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer));
        run.End!.Reason.ShouldBe("completed");
        run.NonFinite.ShouldNotBeNull().Phase.ShouldBe("update");
        run.Steps.Count.ShouldBe(30);
        double.IsFinite(run.Evaluations[^1].Loss).ShouldBeTrue();
    }

    [Fact]
    public void A_training_that_undoes_a_broken_step_is_not_over_with_it()
    {
        Trainer trainer = Trainings.Start(
            Trainings.WithRecipe(TooFast, ", non-finite: { restore: { factor: 1, at-most: 100 } }"));
        var options = new LoopOptions
        {
            IsJudgedAlong = true,
            IsSettled = run => !double.IsFinite(run.Steps[^1].Loss),
        };
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer), options);
        run.Steps.Count(step => !double.IsFinite(step.Loss)).ShouldBeGreaterThan(5);
        run.End!.Reason.ShouldBe("completed");
    }

    [Fact]
    public void What_clipping_spares_must_be_of_the_net() =>
        Should.Throw<InvalidExperimentException>(
            () => Trainings.Start(Trainings.WithRecipe("sgd", ", clip: { adaptive: { except: [ output ] } }")))
            .Message.ShouldBe(
                "test.yaml:6: training.clip.adaptive.except: 'output' is no parameter of this net; expected weights, "
                + "norms, biases or a name such as linear-1.weight");

    /// <summary>All parameters, buffers and the optimiser's state, as bits.</summary>
    private static Dictionary<string, string> Numbers(Trainer trainer) => (trainer.Capture() with
    {
        Step = 0,
        Memory = new Dictionary<string, Tensor>(),
    }).Bits();
}
