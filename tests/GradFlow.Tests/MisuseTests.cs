using GradFlow.Autograd;
using GradFlow.Nn;

namespace GradFlow.Tests;

/// <summary>What people get wrong is said in one line: what, and what was expected.</summary>
public sealed class MisuseTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly OwnTraining _training = OwnTraining.Varied();

    [Fact]
    public void A_tape_that_is_not_the_watchs_is_named()
    {
        using GradientWatch watch = Over();
        using var tape = new Tape();
        Variable loss = _training.Loss(tape, 0);
        tape.Backward(loss);
        Should.Throw<InvalidOperationException>(() => watch.Step(loss)).Message.ShouldBe(
            "the step has no tape of this watch; expected watch.Tape() instead of new Tape()");
    }

    [Fact]
    public void A_step_without_a_backward_pass_is_named()
    {
        using GradientWatch watch = Over();
        using Tape tape = watch.Tape();
        Variable loss = _training.Loss(tape, 0);
        Should.Throw<InvalidOperationException>(() => watch.Step(loss)).Message.ShouldBe(
            "no backward pass was seen over the step's watch.Tape(); "
                + "expected tape.Backward(loss) before watch.Step(loss)");
    }

    [Fact]
    public void A_step_that_is_told_twice_is_named()
    {
        using GradientWatch watch = Over();
        using Tape tape = watch.Tape();
        Variable loss = _training.Loss(tape, 0);
        tape.Backward(loss);
        _training.Optimizer.Step();
        watch.Step(loss);
        watch.Run!.Header.Seed.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => watch.Step(loss)).Message
            .ShouldStartWith("watch.Step(loss) was called twice since the last watch.Tape(); expected one call");
    }

    [Fact]
    public void A_loss_whose_tape_has_ended_is_named()
    {
        using GradientWatch watch = Over();
        Variable loss;
        using (Tape tape = watch.Tape())
        {
            loss = _training.Loss(tape, 0);
            tape.Backward(loss);
        }
        Should.Throw<InvalidOperationException>(() => watch.Step(loss)).Message.ShouldBe(
            "the loss's tape is disposed; expected watch.Step(loss) before the tape's end");
    }

    [Fact]
    public void A_step_that_the_watch_was_not_told_of_is_named()
    {
        using GradientWatch watch = Over();
        void Untold()
        {
            using Tape tape = watch.Tape();
            tape.Backward(_training.Loss(tape, 0));
            _training.Optimizer.Step();
        }
        Untold();
        Should.Throw<InvalidOperationException>(Untold).Message.ShouldBe(
            "optimizer.Step() was called twice under watch; expected watch.Step(loss) after each optimizer.Step()");
    }

    [Fact]
    public void An_accuracy_in_per_cent_is_named()
    {
        using GradientWatch watch = Over();
        const string Expected = "the metric is 87; expected the accuracy as a share from 0 to 1";
        Should.Throw<ArgumentException>(() => watch.Step(1.0, metric: 87)).Message.ShouldStartWith(Expected);
        Should.Throw<ArgumentException>(() => watch.Evaluate("test", 1.0, metric: 87)).Message.ShouldStartWith(
            Expected);
    }

    [Fact]
    public void Steps_on_other_tapes_in_between_are_nobodys_business()
    {
        using (GradientWatch watch = Over())
        {
            for (int step = 0; step < 6; step++) _training.Step(step, step % 3 == 0 ? watch : null);
        }
        _scratch.TheRun().Steps.Count.ShouldBe(2);
    }

    [Fact]
    public void A_loss_of_several_numbers_is_named()
    {
        using GradientWatch watch = Over();
        using Tape tape = watch.Tape();
        Variable loss = tape.Input(Tensors.Tensor.From([1f, 2f], 2));
        Should.Throw<ArgumentException>(() => watch.Step(loss)).Message.ShouldStartWith(
            "the loss has shape [2]; expected the single number that Backward began with");
    }

    [Fact]
    public void An_optimizer_of_another_net_is_named() =>
        Should.Throw<ArgumentException>(() => GradientWatch.Over(_training.Net, OwnTraining.WithRate(1).Optimizer))
            .Message.ShouldStartWith(
                "the optimizer updates no parameter of the net; expected one made from net.AllParameters()");

    [Fact]
    public void Modules_that_share_a_name_are_named()
    {
        var net = new Sequential("net", [Linear.Create("a", 2, 2, 1), new Tanh("b"), new Tanh("b")]);
        Should.Throw<ArgumentException>(() => GradientWatch.Over(net, new Sgd(net.AllParameters(), 1)))
            .Message.ShouldStartWith("two modules are named 'b'; expected unique names");
    }

    [Fact]
    public void A_setting_out_of_range_is_named()
    {
        string MessageOf(WatchSettings settings) => Should.Throw<ArgumentException>(
            () => GradientWatch.Over(_training.Net, _training.Optimizer, settings)).Message;
        MessageOf(new WatchSettings { Name = "" }).ShouldBe(
            "WatchSettings.Name is empty; expected a name for the training");
        MessageOf(new WatchSettings { Steps = -1 }).ShouldBe("WatchSettings.Steps is -1; expected 0 (unknown) or more");
        MessageOf(new WatchSettings { Budget = 2 }).ShouldBe(
            "WatchSettings.Budget is 2; expected more than 0, at most 1");
        MessageOf(new WatchSettings { ChanceMetric = 10 }).ShouldBe(
            "WatchSettings.ChanceMetric is 10; expected a share from 0 to 1, or null if it is unknown");
    }

    [Fact]
    public void A_split_that_nobody_knows_is_named()
    {
        using GradientWatch watch = Over();
        Should.Throw<ArgumentException>(() => watch.Evaluate("dev", 1)).Message.ShouldStartWith(
            "the split is 'dev'; expected 'train', 'validation' or 'test'");
    }

    [Fact]
    public void Epochs_are_either_counted_or_told()
    {
        using GradientWatch watch = GradientWatch.Over(
            _training.Net, _training.Optimizer, new WatchSettings { Out = _scratch.Path, StepsPerEpoch = 4 });
        Should.Throw<InvalidOperationException>(watch.EndEpoch).Message.ShouldBe(
            "epochs are counted by WatchSettings.StepsPerEpoch, 4; expected only one of both");
    }

    public void Dispose() => _scratch.Dispose();

    private GradientWatch Over() => GradientWatch.Over(
        _training.Net, _training.Optimizer, new WatchSettings { Out = _scratch.Path });
}
