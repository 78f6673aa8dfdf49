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
        NetWatch watch = Watch(0.001, 20);
        watch.Interval.ShouldBe(20);
        Frames(watch, 100).ShouldBe([0, 1, 2, 4, 8, 16, 20, 40, 60, 80]);
    }

    [Fact]
    public void Every_net_is_watched_at_one_step_in_sixteen_at_least_by_default()
    {
        new NetWatch(Net, Structure, 1).Interval.ShouldBe(16);
        new NetWatch(Net, Structure, 1 << 20).Interval.ShouldBeLessThan(16);
    }

    [Fact]
    public void The_same_net_is_watched_at_the_same_steps() =>
        Frames(Watch(0.05, 50), 300).ShouldBe(Frames(Watch(0.05, 50), 300));

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

    private static IEnumerable<int> Frames(NetWatch watch, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            watch.BeginStep(step);
            if (watch.IsFrame) yield return step;
        }
    }
}
