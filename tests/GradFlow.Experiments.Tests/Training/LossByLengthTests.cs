using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class LossByLengthTests
{
    /// <summary>Parts of the test data add up to all of it.</summary>
    [Fact]
    public void Data_of_several_lengths_are_judged_in_parts()
    {
        Trainer trainer = Start(
            "copy: { length: [2, 21], remember: 2, train: 100, test: 200 }", "rnn: { out: 6 }, linear: 9");

        LossByLength judged = trainer.EvaluateByLength()!;

        judged.Step.ShouldBe(0);
        judged.Rows.Count.ShouldBeInRange(3, 5);
        judged.Rows.Sum(row => row.Samples).ShouldBe(200);
        judged.Rows.ShouldAllBe(row => row.IsTrained && row.From <= row.To);
        judged.Rows.Zip(judged.Rows.Skip(1)).ShouldAllBe(pair => pair.First.To < pair.Second.From);
        (judged.Rows[0].From, judged.Rows[^1].To).ShouldBe((6, 25));
        Evaluation whole = trainer.EvaluateTest()!;
        judged.Rows.Sum(row => row.Metric!.Value * row.Samples).ShouldBe(whole.Metric!.Value * 200, 1e-9);
        foreach (LengthLoss row in judged.Rows)
            row.BaselineLoss!.Value.ShouldBeInRange(2 * Math.Log(8) / row.To, 2 * Math.Log(8) / row.From);
        trainer.EvaluateByLength()!.Rows.ShouldBe(judged.Rows, "judging changes nothing");
    }

    [Fact]
    public void A_task_of_one_length_is_drawn_anew_with_shorter_ones()
    {
        Trainer trainer = Start(
            "latch: { length: 40, noise: 0, train: 400, test: 100 }", "rnn: { out: 8 }, last-step, linear: 2");
        trainer.Take(60);

        IReadOnlyList<LengthLoss> rows = trainer.EvaluateByLength()!.Rows;

        rows.Select(row => (row.From, row.To, row.Samples, row.IsTrained)).ShouldBe(
            [(5, 5, 200, false), (10, 10, 200, false), (20, 20, 200, false), (40, 40, 200, true)]);
        rows.ShouldAllBe(row => row.ChanceMetric >= 0.5 && row.BaselineLoss <= Math.Log(2) + 1e-9);
        rows[^1].Loss.ShouldBe(trainer.EvaluateTest()!.Loss, 1e-6, "without noise there are two sequences");
    }

    [Fact]
    public void Lengths_that_a_task_or_a_net_cannot_have_are_left_out()
    {
        Trainer recurrent = Start(
            "latch: { length: 40, train: 100, test: 50 }", "rnn: { out: 8 }, last-step, linear: 2");
        Trainer flat = Start("latch: { length: 40, train: 100, test: 50 }", "flatten, linear: 2");

        recurrent.EvaluateAtLengths([3, 4, 20_000, 80])!.Rows.Select(row => row.To).ShouldBe([4, 80]);
        recurrent.EvaluateAtLengths([3]).ShouldBeNull("the class is shown at three steps");
        flat.EvaluateByLength()!.Rows.Select(row => row.To).ShouldBe([40]);
        Start("mackey-glass: { length: 40, train: 50, test: 20 }", "rnn: { out: 4 }, linear: 1", "mse")
            .EvaluateByLength().ShouldBeNull();
        Trainings.Start(Trainings.OfModel("[ linear: 3 ]")).EvaluateByLength().ShouldBeNull();
    }

    [Fact]
    public void Every_step_of_another_length_has_an_output()
    {
        Trainer trainer = Start(
            "copy: { length: 16, remember: 2, train: 100, test: 50 }", "gru: { out: 6 }, linear: 9");

        LengthLoss half = trainer.EvaluateByLength()!.Rows[2];

        (half.From, half.To).ShouldBe((12, 12));
        half.BaselineLoss!.Value.ShouldBe(2 * Math.Log(8) / 12, 1e-12);
    }

    [Fact]
    public void A_training_ends_with_it_on_record()
    {
        Trainer trainer = Start(
            "adding: { length: [4, 12], train: 100, test: 100 }", "rnn: { out: 4 }, last-step, linear: 1", "mse");

        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer), new LoopOptions { LastStep = 3 });

        run.ByLength!.Step.ShouldBe(3);
        run.ByLength.Rows.Sum(row => row.Samples * row.Loss).ShouldBe(
            100 * run.Evaluations[^1].Loss, 1e-5, "the last one is on the test data");
        double unit = run.Evaluations[^1].Metric!.Value / Math.Sqrt(run.Evaluations[^1].Loss);
        foreach (LengthLoss row in run.ByLength.Rows)
        {
            row.Metric!.Value.ShouldBe(unit * Math.Sqrt(row.Loss), 1e-9, "an NRMSE in the whole split's unit");
            row.ChanceMetric!.Value.ShouldBe(unit * Math.Sqrt(row.BaselineLoss!.Value), 1e-9);
        }
        Trainer untested = Start(
            "adding: { length: [4, 12], train: 100, test: 100 }", "rnn: { out: 4 }, last-step, linear: 1", "mse");
        TrainingLoop.Run(
            untested, Trainings.RecorderOf(untested), new LoopOptions { LastStep = 3, IsTested = false })
            .ByLength.ShouldBeNull();
    }

    private static Trainer Start(string data, string model, string loss = "cross-entropy") =>
        Trainings.Start(Trainings.Parse(
            $"name: s\nseed: 1\ndata: {{ {data} }}\nmodel: [ {model} ]\nloss: {loss}\n"
            + "optimizer: { adam: { lr: 0.01 } }\ntraining: { steps: 100, batch: 20 }\n"));
}
