using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class WatchScheduleTests
{
    private const int Batch = 64;
    private static readonly Sequential Net = Nets.Chain(
        Nets.Linear("linear-1", 32, 64), new Sigmoid("sigmoid-1"), Nets.Linear("linear-2", 64, 10));

    private static readonly RunStructure Structure =
        StructureProbe.Describe(Net, Nets.Normal("input", ElementType.Float32, 1, 2, 32));

    [Fact]
    public void The_interval_grows_as_the_budget_shrinks()
    {
        int[] intervals = [.. new[] { 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01 }.Select(b => Watch(b, 100000).Interval)];
        intervals.ShouldBeInOrder(SortDirection.Ascending);
        intervals[^1].ShouldBeGreaterThan(intervals[0]);
        Watch(1e-6, 50).Interval.ShouldBe(50);
    }

    [Fact]
    public void The_start_is_watched_at_powers_of_two_and_then_every_interval()
    {
        NetWatch watch = Watch(0.001, 10);
        watch.Interval.ShouldBe(10);
        Frames(watch, 0, 60).ShouldBe([0, 1, 2, 4, 8, 10, 20, 30, 40, 50]);
    }

    [Fact]
    public void A_young_training_is_watched_closely_and_a_long_one_at_its_interval()
    {
        NetWatch watch = Watch(1e-6, 100);
        watch.Interval.ShouldBe(100);
        Frames(watch, 0, 100).ShouldBe([0, 1, 2, 4, 8, 16, 32, 48, 64, 80, 96]);
        Frames(watch, 512, 1024).Count().ShouldBe(32);
        Frames(watch, 1024, 2048).Count().ShouldBe(32);
        Frames(watch, 2048, 4096).Count().ShouldBe(32);
        Frames(watch, 4100, 5000).ShouldBe(Enumerable.Range(41, 9).Select(i => 100 * i));
    }

    [Fact]
    public void By_default_cheap_frames_are_taken_often_and_dear_ones_rarely()
    {
        new NetWatch(Net, Structure, 1 << 20).Interval.ShouldBeLessThan(16);
        new NetWatch(Net, Structure, 1).Interval.ShouldBeInRange(17, 256);
    }

    [Fact]
    public void Work_at_many_places_of_a_sample_pays_for_more_frames()
    {
        int Interval(int size)
        {
            Tensor weight = Nets.Normal("w", ElementType.Float32, 1, 32, 3, 3, 3);
            var net = Nets.Chain(new Conv2d(
                "conv2d-1", new Parameter("conv2d-1.weight", weight), null,
                new Convolution(new Window(3, Padding: 1), new Window(3, Padding: 1))));
            RunStructure structure =
                StructureProbe.Describe(net, Nets.Normal("input", ElementType.Float32, 1, 2, 3, size, size));
            structure.Signals.Single().Places.ShouldBe(size * size);
            return new NetWatch(net, structure, 2, new WatchOptions(0.001, 100000)).Interval;
        }
        Interval(16).ShouldBeLessThan(Interval(4));
    }

    [Fact]
    public void The_same_net_is_watched_at_the_same_steps() =>
        Frames(Watch(0.05, 50), 0, 300).ShouldBe(Frames(Watch(0.05, 50), 0, 300));

    [Fact]
    public void A_larger_batch_pays_for_more_frames()
    {
        int Interval(int batch) => new NetWatch(Net, Structure, batch, new WatchOptions(0.01, 100000)).Interval;
        Interval(1024).ShouldBeLessThan(Interval(16));
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1.5, 50)]
    [InlineData(double.NaN, 50)]
    [InlineData(0.05, 0)]
    public void Options_that_make_no_sense_are_refused(double budget, int maxInterval) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Watch(budget, maxInterval)).Message.ShouldContain("expected");

    [Fact]
    public void The_time_spent_is_counted()
    {
        var watched = new Watched(Net, Nets.Normal("input", ElementType.Float32, 1, Batch, 32));
        watched.Watch.Spent.ShouldBe(TimeSpan.Zero);
        watched.Step(Nets.Normal("input", ElementType.Float32, 1, Batch, 32));
        watched.Watch.Spent.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    private static NetWatch Watch(double budget, int maxInterval) =>
        new(Net, Structure, Batch, new WatchOptions(budget, maxInterval));

    private static IEnumerable<int> Frames(NetWatch watch, int first, int end)
    {
        for (int step = first; step < end; step++)
        {
            watch.BeginStep(step);
            if (watch.IsFrame) yield return step;
        }
    }
}
