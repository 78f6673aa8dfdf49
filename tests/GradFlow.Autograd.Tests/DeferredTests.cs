using GradFlow.Tensors;
using GradFlow.TestKit;

namespace GradFlow.Autograd.Tests;

/// <summary>
/// Normalisations of channels are computed together with what is behind them; nobody may see a difference.
/// </summary>
public sealed class DeferredTests
{
    private static readonly Convolution How = new(new Window(3, Padding: 1), new Window(3, Padding: 1));

    private readonly Parameter[] _parameters =
    [
        Draws.Parameter("w1", 0.2, 5, 5, 3, 3), Draws.Parameter("g1", 1, 5), Draws.Parameter("b1", 1, 5),
        Draws.Parameter("w2", 0.2, 5, 5, 3, 3), Draws.Parameter("g2", 1, 5), Draws.Parameter("b2", 1, 5),
    ];

    [Fact]
    public void Asking_for_what_is_deferred_changes_no_bit()
    {
        float[] unasked = Step(new TensorPool());
        Step(new TensorPool(), asked: variable => variable.Value.ToDoubles()).ShouldBe(unasked);
        Step(new TensorPool(), new RecordingObserver()).ShouldBe(unasked);
        // Asked late, when parameters' gradients are there.
        using var tape = new Tape();
        Variable loss = Loss(tape, x => x);
        double[][] early = [.. tape.Variables.Select(v => v.Value.ToDoubles())];
        using var other = new Tape();
        Variable same = Loss(other, x => x);
        other.Backward(same);
        for (int i = 0; i < early.Length; i++) other.Variables[i].Value.ToDoubles().ShouldBe(early[i]);
        loss.Value.ToDoubles().ShouldBe(same.Value.ToDoubles());
    }

    [Fact]
    public void Each_op_by_itself_gives_the_same_bits_as_all_in_one_walk()
    {
        float[] joined = Step(new TensorPool());
        Step(new TensorPool(), between: Ops.Identity).ShouldBe(joined);
    }

    [Fact]
    public void Steps_on_one_pool_give_the_bits_of_the_first()
    {
        var pool = new TensorPool();
        float[] first = Step(pool);
        Step(pool).ShouldBe(first);
        Step(pool, new RecordingObserver()).ShouldBe(first);
        Step(pool).ShouldBe(first);
    }

    [Fact]
    public void Segments_that_end_anywhere_give_the_same_bits()
    {
        float[] joined = Step(new TensorPool());
        var pool = new TensorPool();
        for (int end = 0; end < 5; end++)
            for (int step = 0; step < 2; step++)
                Step(pool, segment: end).ShouldBe(joined, $"segment {end}, step {step}");
    }

    [Fact]
    public void Other_consumers_of_a_normalisation_get_their_share()
    {
        float[] Gradients(Func<Variable, Variable> between)
        {
            using var tape = new Tape();
            Variable x = tape.Constant(Draws.Single("x", 3, 5, 4, 6));
            Variable y = Ops.BatchNorm(x, tape.Use(_parameters[1]), tape.Use(_parameters[2]));
            return Backward(tape, Ops.Mean(Ops.Relu(between(y)) * Ops.Tanh(y)), _parameters[1..3]);
        }
        // Paths add up in another order.
        Gradients(x => x).ShouldBe(Gradients(Ops.Identity), 1e-6f);
    }

    [Fact]
    public void Gradients_that_left_the_range_keep_their_exponents()
    {
        float[] Gradients(double scale, Func<Variable, Variable> between)
        {
            using var tape = new Tape { IsRenormalized = true };
            Variable x = tape.Input(Draws.Single("x", 3, 5, 4, 6));
            Variable y = Ops.Relu(between(Ops.BatchNorm(x, tape.Use(_parameters[1]), tape.Use(_parameters[2]))));
            Variable loss = Ops.Mean(Ops.Scale(Ops.Scale(y * y, scale), 1 / scale));
            return Backward(tape, loss, _parameters[1..3]);
        }
        Gradients(1e-30, x => x).ShouldBe(Gradients(1e-30, Ops.Identity));
        Gradients(1, x => x).ShouldBe(Gradients(Math.ScaleB(1, -90), x => x));
    }

    [Fact]
    public void A_step_allocates_less_than_a_hundred_bytes_per_op()
    {
        Tensor x = Draws.Single("x", 8, 5, 14, 14), seed = Draws.Single("seed", 8, 5, 14, 14);
        long BytesPerStep(int blocks)
        {
            var pool = new TensorPool();
            return SteadyAllocations.PerStep(() =>
            {
                using var tape = new Tape(pool);
                Variable y = tape.Constant(x);
                for (int i = 0; i < blocks; i++) y = Net(tape, y);
                tape.Backward(y, seed);
                foreach (Parameter parameter in _parameters) parameter.ClearGradient();
            });
        }
        const int opsPerBlock = 7;
        (BytesPerStep(9) - BytesPerStep(1)).ShouldBeLessThan(100 * 8 * opsPerBlock);
    }

    private float[] Step(
        TensorPool pool, ITapeObserver? observer = null, Action<Variable>? asked = null,
        Func<Variable, Variable>? between = null, int? segment = null)
    {
        using var tape = new Tape(pool, observer);
        Variable loss = segment is { } end
            ? LossOf(Checkpointed(tape, tape.Constant(Images()), end))
            : Loss(tape, between ?? (x => x));
        if (asked is not null) foreach (Variable variable in tape.Variables) asked(variable);
        return [(float)loss.Value[[]], .. Backward(tape, loss, _parameters)];
    }

    private static float[] Backward(Tape tape, Variable loss, Parameter[] parameters)
    {
        foreach (Parameter parameter in parameters) parameter.ClearGradient();
        tape.Backward(loss);
        return [.. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
    }

    private Variable Loss(Tape tape, Func<Variable, Variable> between) =>
        LossOf(Net(tape, tape.Constant(Images()), between));

    private static Tensor Images() => Draws.Single("x", 3, 5, 6, 7);

    private static Variable LossOf(Variable y) => Ops.Mean(y * y);

    /// <summary>A residual block: with something in between, nothing is computed in one walk.</summary>
    private Variable Net(Tape tape, Variable x, Func<Variable, Variable>? between = null)
    {
        Variable y = Ops.Relu(Between(Normalized(tape, x, 0)));
        return Ops.Relu(Between(x + Between(Normalized(tape, y, 3))));

        Variable Between(Variable v) => between is null ? v : between(v);
    }

    /// <summary>The same with one or two segments, which end behind one op or another.</summary>
    private Variable Checkpointed(Tape tape, Variable x, int end)
    {
        Variable Branch(Variable y) => Normalized(tape, Ops.Relu(Normalized(tape, y, 0)), 3);
        return end switch
        {
            0 => tape.Checkpoint(x, v => Net(tape, v)),
            1 => Ops.Relu(tape.Checkpoint(x, v => v + Branch(v))),
            2 => Ops.Relu(x + tape.Checkpoint(x, Branch)),
            3 => Ops.Relu(x + Normalized(tape, tape.Checkpoint(x, v => Ops.Relu(Normalized(tape, v, 0))), 3)),
            _ => tape.Checkpoint(
                tape.Checkpoint(x, v => Normalized(tape, v, 0)),
                v => Ops.Relu(x + Normalized(tape, Ops.Relu(v), 3))),
        };
    }

    private Variable Normalized(Tape tape, Variable x, int first) => Ops.BatchNorm(
        Ops.Convolve(x, tape.Use(_parameters[first]), null, How),
        tape.Use(_parameters[first + 1]), tape.Use(_parameters[first + 2]));
}
