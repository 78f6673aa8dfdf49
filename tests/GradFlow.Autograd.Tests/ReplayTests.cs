using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class ReplayTests
{
    [Fact]
    public void A_replay_shows_what_the_backward_pass_shows_and_leaves_gradients_alone()
    {
        var parameter = new Parameter("w", Tensor.From([2f, 3f], 2));
        var live = new Notes();
        using var tape = new Tape(observer: live);
        Variable loss = Ops.Sum(Ops.Tanh(tape.Use(parameter)) * tape.Use(parameter));
        tape.Backward(loss);
        float[] gradient = parameter.Gradient.AsSpan<float>().ToArray();
        int seen = live.Lines.Count;

        var replay = new Notes();
        tape.Replay(replay, loss);

        replay.Lines.ShouldBe(live.Lines.Where(line => !line.StartsWith("pass", StringComparison.Ordinal)));
        live.Lines.Count.ShouldBe(seen);
        parameter.Gradient.AsSpan<float>().ToArray().ShouldBe(gradient);
    }

    [Fact]
    public void A_backward_pass_is_told_of_before_and_after()
    {
        var parameter = new Parameter("w", Tensor.From([2f], 1));
        var notes = new Notes();
        using var tape = new Tape(observer: notes);
        Variable loss = Ops.Sum(tape.Use(parameter));
        tape.Backward(loss);
        notes.Lines[1].ShouldBe("pass begins");
        notes.Lines[^1].ShouldBe("pass ended");
        tape.Gradients(loss, [tape.Use(parameter)]);
        notes.Lines.Count(line => line == "pass begins").ShouldBe(1);
    }

    private sealed class Notes : IBackwardObserver
    {
        public List<string> Lines { get; } = [];

        public void Recorded(Variable result) => Lines.Add($"recorded {result.Operation}");

        public void Contributed(Variable consumer, int input, Cotangent share) =>
            Lines.Add($"contributed {consumer.Operation} {input} {share.Log10Norm}");

        public void Completed(Variable variable, Cotangent cotangent) =>
            Lines.Add($"completed {variable.Index} {cotangent.Log10Norm}");

        public void BackwardBegins(Variable result) => Lines.Add("pass begins");

        public void BackwardEnded(Variable result, Tensor? seed) => Lines.Add("pass ended");
    }
}
