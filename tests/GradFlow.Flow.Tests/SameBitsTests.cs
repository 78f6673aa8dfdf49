using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class SameBitsTests
{
    [Fact]
    public void A_watched_training_ends_in_the_bits_of_an_unwatched_one()
    {
        long[] unwatched = Train(null);
        Train(Watched.EveryStep).ShouldBe(unwatched);
        Train(new WatchOptions()).ShouldBe(unwatched);
        WithThreads(1, () => Train(null)).ShouldBe(unwatched);
        WithThreads(1, () => Train(Watched.EveryStep)).ShouldBe(unwatched);
        WithThreads(3, () => Train(Watched.EveryStep)).ShouldBe(unwatched);
    }

    /// <summary>One weight is large enough for threads to share what is measured of it.</summary>
    [Fact]
    public void Frames_are_the_same_bits_with_any_number_of_threads()
    {
        string[] alone = WithThreads(1, Frames);
        alone.ShouldAllBe(frame => frame.Length > 1000);
        WithThreads(2, Frames).ShouldBe(alone);
        WithThreads(3, Frames).ShouldBe(alone);
    }

    private static string[] Frames()
    {
        var watched = new Watched(
            Nets.Chain(
                Nets.Linear("linear-1", 300, 256, 0.05), new Tanh("tanh-1"),
                new Residual("block", [Nets.Linear("linear-a", 256, 256, 0.05), new Sigmoid("sigmoid-a")], 0.5),
                Nets.Linear("linear-2", 256, 3)),
            Nets.Normal("input", ElementType.Float32, 1, 64, 300));
        return [.. Enumerable.Range(0, 4).Select(step => RunJson.Serialize(
            watched.Step(Nets.Normal($"input-{step}", ElementType.Float32, 1, 64, 300)).ShouldNotBeNull()))];
    }

    private static T WithThreads<T>(int threads, Func<T> run)
    {
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            return run();
        }
        finally
        {
            Workers.Use(before);
        }
    }

    /// <summary>30 steps; the bits of all losses, weights and running averages.</summary>
    private static long[] Train(WatchOptions? options)
    {
        Sequential net = Nets.Chain(
            Nets.Linear("linear-1", 6, 16), new BatchNorm("batch-norm-1", 16), new Relu("relu-1"),
            new Dropout("dropout-1", 0.4),
            new Residual("block", [Nets.Linear("linear-a", 16, 16, 0.3), new Tanh("tanh-a")], 0.5),
            Nets.Linear("linear-2", 16, 3));
        int[] labels = [0, 1, 2, 0, 1, 2, 0, 1];
        Tensor example = Nets.Normal("input-0", ElementType.Float32, 1, 8, 6);
        NetWatch? watch = options is null ? null : new NetWatch(net, StructureProbe.Describe(net, example), 8, options);
        var pool = new TensorPool();
        var bits = new List<long>();
        for (int step = 0; step < 30; step++)
        {
            foreach (Parameter parameter in net.AllParameters()) parameter.ClearGradient();
            watch?.BeginStep(step);
            using (var tape = new Tape(pool, watch))
            {
                Variable input = tape.Constant(Nets.Normal($"input-{step}", ElementType.Float32, 1, 8, 6));
                Variable loss = Ops.CrossEntropy(net.Apply(input, new Pass(true, new StepDraws(5, step))), labels);
                watch?.BeforeBackward(tape, loss);
                tape.Backward(loss);
                bits.Add(BitConverter.DoubleToInt64Bits(loss.Value[[]]));
            }
            watch?.BeforeUpdate();
            Watched.Descend(net, 0.2);
            watch?.AfterUpdate();
        }
        IEnumerable<Tensor> state =
            net.AllParameters().Select(p => p.Value).Concat(net.AllBuffers().Select(b => b.Value));
        return [.. bits, .. state.SelectMany(t => t.ToDoubles()).Select(BitConverter.DoubleToInt64Bits)];
    }
}
