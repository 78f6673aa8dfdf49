using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

public sealed class EarlyStoppingTests
{
    /// <summary>Labels that are half noise, a net that learns them by heart: the validation loss soon rises.</summary>
    private static readonly Experiment Overfitting = Trainings.Parse("""
        name: overfitting
        data: { blobs: { samples: 60, noise: 1.5 } }
        model: [ linear: 64, batch-norm, relu, linear: 64, relu, linear: 3 ]
        loss: cross-entropy
        optimizer: { adam: { lr: 0.02 } }
        training: { steps: 300, batch: 8, validation: 0.4, stop: { patience: 4, every: 5 } }
        """);

    [Fact]
    public void A_training_ends_after_so_many_looks_without_progress_and_goes_back_to_its_best()
    {
        Trainer trainer = Trainings.Start(Overfitting), again = Trainings.Start(Overfitting);
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer));
        run.End!.Reason.ShouldBe("early-stop");
        int best = run.End.BestStep.ShouldNotBeNull();
        run.Steps.Count.ShouldBe(best + 4 * 5);

        List<(int Step, double Loss)> looks = [];
        TrainingState? kept = null;
        while (again.Step < run.Steps.Count)
        {
            again.Advance();
            if (again.Step % 5 == 0) looks.Add((again.Step, again.EvaluateValidation().Loss));
            if (again.Step == best) kept = again.Capture();
        }
        looks.MinBy(look => look.Loss).Step.ShouldBe(best);
        (trainer.Capture() with { Step = best }).Tensors.ShouldAllBe(
            tensor => tensor.Value.ToDoubles().SequenceEqual(kept!.Tensors[tensor.Key].ToDoubles()));
        Evaluation last = run.Evaluations.Last(evaluation => evaluation.Split == "validation");
        last.Loss.ShouldBe(looks.Min(look => look.Loss));
        last.Step.ShouldBe(run.Steps.Count);
    }

    [Fact]
    public void A_loss_that_falls_by_less_than_the_delta_is_no_progress()
    {
        Experiment patient = Overfitting with
        {
            Training = Overfitting.Training with
            {
                Stop = new EarlyStoppingSpec
                {
                    Patience = 2,
                    Delta = 1e3,
                    Every = 3
                }
            },
        };
        Trainer trainer = Trainings.Start(patient);
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer));
        (run.End!.BestStep, run.Steps.Count).ShouldBe((3, 9));
    }

    [Fact]
    public void A_training_that_gets_better_to_its_end_takes_all_steps_and_keeps_the_last_net()
    {
        Trainer stopping = Trainings.Start(Trainings.WithRecipe("{ sgd: { lr: 0.01 } }", ", stop: { patience: 3 }"));
        Trainer plain = Trainings.Start(Trainings.WithRecipe("{ sgd: { lr: 0.01 } }"));
        Run run = TrainingLoop.Run(stopping, Trainings.RecorderOf(stopping));
        plain.Take(30);
        (run.End!.Reason, run.End.BestStep, stopping.HasStopped).ShouldBe(("completed", null, false));
        (stopping.Capture() with { Memory = new Dictionary<string, Tensor>() }).Bits().ShouldBe(plain.Capture().Bits());
    }

    [Fact]
    public void A_training_restored_after_its_end_takes_no_further_step()
    {
        Trainer ended = Trainings.Start(Overfitting), resumed = Trainings.Start(Overfitting);
        TrainingLoop.Run(ended, Trainings.RecorderOf(ended));
        resumed.Restore(ended.Capture());
        Run run = TrainingLoop.Run(resumed, Trainings.RecorderOf(resumed));
        run.Steps.ShouldBeEmpty();
        run.End!.Reason.ShouldBe("early-stop");
        resumed.Capture().Bits().ShouldBe(ended.Capture().Bits());
    }
}
