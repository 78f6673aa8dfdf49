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

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.03, 1e30)]
    [InlineData(1e-4, 1e34)]
    [InlineData(30, 1e-30)]
    [InlineData(1000, 1e-38)]
    public void Cotangents_that_leave_the_range_are_the_same_bits_with_any_number_of_threads(double gain, double seed)
    {
        float[] alone = WithThreads(1, () => WalkBack(gain, seed));
        alone.ShouldContain(g => g != 0 && float.IsFinite(g));
        WithThreads(2, () => WalkBack(gain, seed)).ShouldBe(alone);
        WithThreads(3, () => WalkBack(gain, seed)).ShouldBe(alone);
        WithThreads(2, () => WalkBack(gain, seed, new Onlooker())).ShouldBe(alone);
    }

    /// <summary>
    /// Gradients of a net in which cotangents shrink or grow with each layer; the biases keep its values up.
    /// </summary>
    private static float[] WalkBack(double gain, double seed, ITapeObserver? observer = null)
    {
        const int Width = 24, Rows = 50;
        Parameter[] parameters = Parameters(Width, 12, gain);
        using var tape = new Tape(observer: observer);
        Variable x = tape.Constant(Draws.Single("x", Rows, Width));
        for (int i = 0; i < parameters.Length; i += 2)
            x = Ops.LeakyRelu(Ops.Affine(x, tape.Use(parameters[i]), tape.Use(parameters[i + 1])));
        tape.Backward(x, Draws.Normal("g", ElementType.Float32, seed, Rows, Width));
        return [.. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
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

    private static float[] Train(int threads, int rows, int width, int depth, ITapeObserver? observer = null) =>
        WithThreads(threads, () =>
        {
            var pool = new TensorPool();
            Parameter[] parameters = Parameters(width, depth);
            return Enumerable.Range(0, 3).SelectMany(_ => Step(pool, parameters, rows, observer)).ToArray();
        });

    private static T WithThreads<T>(int threads, Func<T> work)
    {
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            return work();
        }
        finally
        {
            Workers.Use(before);
        }
    }

    private static Parameter[] Parameters(int width, int depth, double gain = 1) =>
    [
        .. Enumerable.Range(0, depth).SelectMany(i => new[]
        {
            Draws.Parameter($"w{i}", gain / Math.Sqrt(width), width, width), Draws.Parameter($"b{i}", 0.1, width),
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
