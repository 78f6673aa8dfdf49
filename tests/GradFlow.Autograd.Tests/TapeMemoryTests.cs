using GradFlow.Tensors;
using GradFlow.TestKit;

namespace GradFlow.Autograd.Tests;

public sealed class TapeMemoryTests
{
    [Fact]
    public void A_step_allocates_no_more_for_larger_tensors()
    {
        long small = BytesPerStep(8), large = BytesPerStep(128);
        // The float32 tensors of a step grow by more than a megabyte; the objects that describe them must not.
        (large - small).ShouldBeLessThan(1024);
    }

    [Fact]
    public void A_pool_stops_growing_after_the_first_step()
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(32);
        Step(pool, parameters);
        long first = pool.AllocatedBytes;
        for (int step = 0; step < 20; step++) Step(pool, parameters);
        pool.AllocatedBytes.ShouldBe(first);
    }

    private static long BytesPerStep(int width)
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(width);
        return SteadyAllocations.PerStep(() => Step(pool, parameters));
    }

    private static Parameter[] Parameters(int width) =>
    [
        Draws.Parameter("w", 0.1, width, width), Draws.Parameter("b", 0.1, width),
        Draws.Parameter("g", 1, width), Draws.Parameter("s", 1, width),
    ];

    /// <summary>One of each kind of op that the engine has.</summary>
    private static void Step(TensorPool pool, Parameter[] parameters)
    {
        using var tape = new Tape(pool);
        Variable w = tape.Use(parameters[0]), b = tape.Use(parameters[1]), g = tape.Use(parameters[2]),
            s = tape.Use(parameters[3]);
        Variable x = Ops.BatchNorm(Ops.Affine(w, w, b), g, s);
        x = Ops.LayerNorm(Ops.Tanh(x) + Ops.Gelu(x), g, s);
        x = Ops.Softmax(Ops.Transpose(Ops.MatMul(x, w)) * Ops.Relu(x) - Ops.LeakyRelu(b));
        x = Ops.Dropout(Ops.Exp(Ops.Sin(x)) * Ops.Sigmoid(x), 0.3, new RandomKey(1, "dropout"));
        tape.Backward(
            Ops.Mean(Ops.Divide(x, Ops.Exp(x) + Ops.Exp(g))) + Ops.BinaryCrossEntropy(x, parameters[0].Value));
        foreach (Parameter parameter in parameters) parameter.ClearGradient();
    }
}
