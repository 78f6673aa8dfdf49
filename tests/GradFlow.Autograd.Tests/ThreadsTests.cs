using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>It changes how many threads the process uses, which tells nobody anything but time.</summary>
public sealed class ThreadsTests
{
    [Theory]
    [InlineData(1, 5, 3)]
    [InlineData(32, 32, 40)]
    [InlineData(37, 19, 30)]
    [InlineData(100, 130, 4)]
    public void Losses_and_gradients_are_the_same_bits_with_any_number_of_threads(int rows, int width, int depth)
    {
        float[] alone = Train(1, rows, width, depth);
        Train(2, rows, width, depth).ShouldBe(alone);
        Train(3, rows, width, depth).ShouldBe(alone);
        Train(2, rows, width, depth, new Onlooker()).ShouldBe(alone);
    }

    [Fact]
    public void A_step_of_another_batch_size_between_others_changes_nothing()
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(16, 6);
        float[] first = Step(pool, parameters, 32, null);
        Step(pool, parameters, 7, null);
        Step(pool, parameters, 32, null).ShouldBe(first);
        Step(new TensorPool(), parameters, 32, null).ShouldBe(first);
    }

    [Fact]
    public void A_parameter_that_is_frozen_between_steps_gets_no_gradient()
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(8, 3);
        Step(pool, parameters, 4, null);
        parameters[2].IsFrozen = true;
        Step(pool, parameters, 4, null);
        parameters.Select(p => p.HasGradient).ShouldBe([true, true, false, true, true, true]);
    }

    private static float[] Train(int threads, int rows, int width, int depth, ITapeObserver? observer = null)
    {
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            var pool = new TensorPool();
            Parameter[] parameters = Parameters(width, depth);
            var seen = new List<float>();
            for (int step = 0; step < 3; step++) seen.AddRange(Step(pool, parameters, rows, observer));
            return [.. seen];
        }
        finally
        {
            Workers.Use(before);
        }
    }

    private static Parameter[] Parameters(int width, int depth) =>
    [
        .. Enumerable.Range(0, depth).SelectMany(i => new[]
        {
            Draws.Parameter($"w{i}", 1 / Math.Sqrt(width), width, width), Draws.Parameter($"b{i}", 0.1, width),
        }),
    ];

    /// <summary>The loss and all gradients; then the weights move.</summary>
    private static float[] Step(TensorPool pool, Parameter[] parameters, int rows, ITapeObserver? observer)
    {
        using var tape = new Tape(pool, observer);
        Variable x = tape.Constant(Draws.Single("x", rows, parameters[1].Value.Size));
        for (int i = 0; i < parameters.Length; i += 2)
            x = Ops.Tanh(Ops.Affine(x, tape.Use(parameters[i]), tape.Use(parameters[i + 1])));
        Variable loss = Ops.Mean(x * x);
        foreach (Parameter parameter in parameters) parameter.ClearGradient();
        tape.Backward(loss);
        return [(float)loss.Value[[]], .. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
    }

    private sealed class Onlooker : ITapeObserver
    {
        public bool IsOrderSensitive => false;

        public void Recorded(Variable result)
        {
        }

        public void Contributed(Variable consumer, int input, Cotangent share)
        {
        }

        public void Completed(Variable variable, Cotangent cotangent)
        {
        }
    }
}
