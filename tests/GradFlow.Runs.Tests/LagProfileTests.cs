using GradFlow.TestKit;

namespace GradFlow.Runs.Tests;

public sealed class LagProfileTests
{
    [Theory]
    [InlineData(100, 40)]
    [InlineData(102, 40)]
    [InlineData(50, 20)]
    [InlineData(33, 14)]
    [InlineData(12, 5)]
    public void The_lag_that_a_task_needs_is_told_in_a_layers_own_steps(int steps, int lag)
    {
        RunHeader header = (new SyntheticRecurrentRun() with { LongestDependency = 40, Length = 100 }).Build().Header;
        RecurrenceInfo layer = header.Structure.Recurrences![0] with { Steps = steps };
        LagProfile.NeededLag(header, layer).ShouldBe(lag);
        RunHeader unknown = header with { Plan = header.Plan with { LongestDependency = null } };
        LagProfile.NeededLag(unknown, layer).ShouldBeNull();
    }

    [Fact]
    public void A_straight_line_has_its_slope_and_ends_at_the_first_lag_below_a_hundredth()
    {
        double?[] norms = [.. Enumerable.Range(0, 30).Select(k => (double?)(-500 - 0.24 * k))];
        LagProfile.DecadesPerStep(norms)!.Value.ShouldBe(-0.24, 1e-12);
        LagProfile.MemoryHorizon(norms).ShouldBe(9);
        LagProfile.CutLag(norms).ShouldBeNull();
    }

    [Fact]
    public void What_truncation_cut_is_neither_vanished_nor_the_horizon()
    {
        double?[] norms = [0, -0.1, -0.2, null, null];
        LagProfile.DecadesPerStep(norms)!.Value.ShouldBe(-0.1, 1e-12);
        LagProfile.MemoryHorizon(norms).ShouldBeNull();
        LagProfile.CutLag(norms).ShouldBe(3);
    }

    [Fact]
    public void An_exact_zero_is_an_infinite_fall()
    {
        double?[] norms = [0, -1, double.NegativeInfinity];
        LagProfile.DecadesPerStep(norms).ShouldBe(double.NegativeInfinity);
        LagProfile.MemoryHorizon(norms).ShouldBe(2);
    }

    [Fact]
    public void Without_two_known_lags_there_is_no_slope()
    {
        LagProfile.DecadesPerStep([0, null]).ShouldBeNull();
        LagProfile.DecadesPerStep(null).ShouldBeNull();
        LagProfile.DecadesPerStep([0, double.NaN]).ShouldBeNull();
        LagProfile.DecadesPerStep([double.NegativeInfinity, 0]).ShouldBeNull();
        LagProfile.MemoryHorizon([]).ShouldBeNull();
        LagProfile.MemoryHorizon([double.NaN, -9]).ShouldBeNull();
    }
}
