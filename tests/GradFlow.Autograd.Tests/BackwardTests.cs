using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class BackwardTests
{
    [Fact]
    public void An_input_that_is_used_twice_gets_both_shares()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From([3.0, -2]));
        tape.Gradients(Ops.Sum(x * x), [x])[0]!.ToDoubles().ShouldBe([6, -4]);
    }

    [Fact]
    public void Paths_of_a_diamond_add_up() =>
        GradientCheck.Run((_, x) =>
        {
            Variable split = Ops.Tanh(x[0]), left = Ops.Exp(split), right = Ops.Sin(split) * split;
            return left * right + split;
        }, [Draws.Twofold("x", 5)]).RelativeError.ShouldBeLessThan(1e-7);

    [Fact]
    public void A_parameter_that_two_layers_share_is_one_variable_and_gets_both_shares()
    {
        var shared = new Parameter("w", Tensor.From([2.0], 1, 1));
        using var tape = new Tape();
        Variable x = tape.Constant(Tensor.From([5.0], 1, 1)), w = tape.Use(shared);
        tape.Use(shared).ShouldBeSameAs(w);
        tape.Backward(Ops.Sum(Ops.Affine(Ops.Affine(x, w, null), tape.Use(shared), null)));
        shared.Gradient.ToDoubles().ShouldBe([20]);
    }

    [Fact]
    public void Gradients_accumulate_over_tapes_until_they_are_cleared()
    {
        var w = new Parameter("w", Tensor.From([2.0, 3.0]));
        w.HasGradient.ShouldBeFalse();
        for (int step = 0; step < 3; step++) Step(w, 1);
        w.Gradient.ToDoubles().ShouldBe([12, 18]);
        w.ClearGradient();
        w.HasGradient.ShouldBeFalse();
        Step(w, 10);
        w.Gradient.ToDoubles().ShouldBe([40, 60]);
    }

    private static void Step(Parameter parameter, double factor)
    {
        using var tape = new Tape();
        Variable w = tape.Use(parameter);
        tape.Backward(factor * Ops.Sum(w * w));
    }

    [Fact]
    public void Walking_back_twice_counts_twice()
    {
        var parameter = new Parameter("w", Tensor.From([2.0]));
        using var tape = new Tape();
        Variable loss = Ops.Sum(Ops.Exp(tape.Use(parameter)));
        tape.Backward(loss);
        tape.Backward(loss);
        parameter.Gradient[0].ShouldBe(2 * Math.Exp(2), 1e-14);
    }

    [Fact]
    public void Frozen_parameters_and_constants_get_nothing()
    {
        Parameter frozen = new("a", Tensor.From([2.0])) { IsFrozen = true }, live = new("b", Tensor.From([3.0]));
        var observer = new RecordingObserver();
        using var tape = new Tape(observer: observer);
        Variable constant = tape.Constant(Tensor.From([5.0]));
        Variable a = tape.Use(frozen), idle = a * constant, loss = Ops.Sum(idle * tape.Use(live));
        tape.Backward(loss);
        frozen.HasGradient.ShouldBeFalse();
        live.Gradient[0].ShouldBe(10);
        idle.RequiresGradient.ShouldBeFalse();
        observer.Completed.Keys.ShouldNotContain(constant);
        observer.Completed.Keys.ShouldNotContain(idle);
        tape.Gradients(loss, [a, constant, idle]).ShouldBe([null, null, null]);
    }

    [Fact]
    public void Gradients_are_had_for_results_in_between_and_leave_parameters_alone()
    {
        var parameter = new Parameter("w", Tensor.From([0.5, -1]));
        using var tape = new Tape();
        Variable w = tape.Use(parameter), middle = Ops.Exp(w), loss = Ops.Sum(middle * middle), aside = Ops.Sin(w);
        Tensor?[] gradients = tape.Gradients(loss, [middle, w, loss, aside]);
        gradients[0]!.ToDoubles().ShouldBe([2 * Math.Exp(0.5), 2 * Math.Exp(-1)], 1e-15);
        gradients[1]!.ToDoubles().ShouldBe([2 * Math.Exp(1), 2 * Math.Exp(-2)], 1e-14);
        gradients[2]!.ToDoubles().ShouldBe([1]);
        gradients[3].ShouldBeNull();
        parameter.HasGradient.ShouldBeFalse();
    }

    [Fact]
    public void Gradients_outlive_their_tape()
    {
        var pool = new TensorPool();
        Tensor gradient;
        using (var tape = new Tape(pool))
        {
            Variable x = tape.Input(Tensor.From([3.0]));
            gradient = tape.Gradients(x * x, [x])[0]!;
        }
        using (var tape = new Tape(pool)) Kernels.FillInPlace(tape.Rent(new Shape(16), ElementType.Float64), -1);
        gradient[0].ShouldBe(6);
    }

    [Fact]
    public void A_seed_starts_the_walk_at_any_result()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From([1f, 2f, 3f])), y = x * x;
        tape.Gradients(y, [x], Tensor.From([1.0, 10, 100]))[0]!.ToDoubles().ShouldBe([2, 40, 600]);
        Should.Throw<ArgumentException>(() => tape.Backward(y)).Message.ShouldContain("needs a seed");
        Should.Throw<ArgumentException>(() => tape.Backward(y, Tensor.Zeros(new Shape(2)))).Message
            .ShouldContain("[2]");
    }

    [Fact]
    public void A_tape_that_does_not_record_computes_values_and_refuses_to_walk_back()
    {
        var parameter = new Parameter("w", Tensor.From([2.0]));
        using var tape = new Tape { IsRecording = false };
        Variable y = Ops.Exp(tape.Use(parameter)), z = Ops.Exp(tape.Input(parameter.Value));
        y.Value[0].ShouldBe(Math.Exp(2), 1e-14);
        y.RequiresGradient.ShouldBeFalse();
        z.Inputs[0].RequiresGradient.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => tape.Backward(y)).Message.ShouldContain("does not record");
    }

    [Fact]
    public void A_tape_that_has_ended_says_so()
    {
        var tape = new Tape();
        Variable x = tape.Input(Tensor.From([2.0])), y = Ops.Exp(x);
        tape.Dispose();
        Should.Throw<InvalidOperationException>(() => tape.Backward(y)).Message.ShouldContain("has ended");
        Should.Throw<InvalidOperationException>(() => y.Value[0]).Message.ShouldContain("has ended");
        tape.Dispose();
        using var other = new Tape();
        Should.Throw<ArgumentException>(() => other.Backward(y)).Message.ShouldContain("another tape");
    }

    [Fact]
    public void Scopes_nest_and_name_the_layer_of_an_op()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From([2.0]));
        Variable inner, between;
        using (tape.EnterScope("0.block"))
        {
            using (tape.EnterScope("0.block.tanh")) inner = Ops.Tanh(x);
            between = Ops.Exp(inner);
        }
        (inner.Scope, between.Scope, Ops.Sin(x).Scope).ShouldBe(("0.block.tanh", "0.block", ""));
        (inner.Operation, x.Operation, inner.Inputs[0]).ShouldBe(("tanh", null, x));
        tape.Variables.Select(variable => variable.Index).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void A_derivative_that_throws_leaves_a_tape_that_can_end()
    {
        var pool = new TensorPool();
        for (int step = 0; step < 5; step++)
        {
            using var tape = new Tape(pool);
            Variable x = tape.Input(Tensor.Zeros(new Shape(100)));
            Variable broken =
                tape.Record("broken", tape.RentLike(x.Value), [x], (_, _) => throw new NotSupportedException());
            Should.Throw<NotSupportedException>(() => tape.Backward(Ops.Sum(Ops.Exp(broken))));
        }
        pool.AllocatedBytes.ShouldBeLessThan(10 * 128 * sizeof(float));
    }
}
