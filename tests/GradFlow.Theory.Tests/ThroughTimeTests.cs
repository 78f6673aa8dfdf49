namespace GradFlow.Theory.Tests;

public sealed class ThroughTimeTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.8, 0, 0.8)]
    [InlineData(1, 0, 1)]
    [InlineData(1.25, 0.7104118, 0.6191439)]
    public void A_unit_latches_only_above_a_weight_of_one(double weight, double state, double slope)
    {
        Latch.RestingState(weight).ShouldBe(state, 1e-7);
        Latch.Slope(weight).ShouldBe(slope, 1e-7);
    }

    [Theory]
    [InlineData(1.0001)]
    [InlineData(1.25)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_latch_rests_where_it_gives_back_what_it_gets(double weight)
    {
        double state = Latch.RestingState(weight);
        state.ShouldBeGreaterThan(0);
        Math.Tanh(weight * state).ShouldBe(state, 1e-12);
        Latch.Slope(weight).ShouldBeLessThan(1, "it is stable, so its gradient fades");
    }

    [Theory]
    [InlineData(0.9, 10, 50)]
    [InlineData(0.5, 3, 7)]
    [InlineData(-0.7, 4, 9)]
    [InlineData(0, 4, 9)]
    [InlineData(1, 5, 20)]
    [InlineData(-1, 2, 5)]
    [InlineData(1.05, 10, 30)]
    [InlineData(-1.3, 3, 8)]
    [InlineData(0.999999999, 10, 1000)]
    public void A_window_captures_the_sum_up_to_its_cut(double factor, int window, int steps)
    {
        double Sum(int terms) => Enumerable.Range(0, terms).Sum(k => Math.Pow(factor, k));
        Truncation.CapturedShare(factor, window, steps).ShouldBe(Sum(window) / Sum(steps), 1e-12);
    }

    [Fact]
    public void What_a_window_captures_keeps_its_digits_beyond_all_numbers_and_next_to_one()
    {
        Math.Log2(Truncation.CapturedShare(2, 1500, 2000)).ShouldBe(-500, 1e-9);
        Truncation.CapturedShare(1 + 1e-9, 1_000_000, 2_000_000).ShouldBe(1 / (1 + Math.Exp(1e-3)), 1e-9);
        Truncation.CapturedShare(-1, 3, 4).ShouldBe(double.NaN);
        // (1 + (1−ε)¹¹)/(1 − (1−ε)¹⁰⁰⁰), of which 1000·999/2·ε² is the last term that counts.
        double small = Math.ScaleB(1, -30), expected = (2 - 11 * small) / (1000 * small * (1 - 499.5 * small));
        Truncation.CapturedShare(small - 1, 11, 1000).ShouldBe(expected, 1e-11 * expected);
        Should.Throw<ArgumentOutOfRangeException>(() => Truncation.CapturedShare(double.NaN, 3, 4));
    }

    [Fact]
    public void Ten_steps_of_fifty_capture_two_thirds_at_nine_tenths() =>
        Truncation.CapturedShare(0.9, 10, 50).ShouldBe(0.6546957, 1e-7);

    [Fact]
    public void Windows_longer_than_the_sequence_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Truncation.CapturedShare(0.9, 0, 5));
        Should.Throw<ArgumentOutOfRangeException>(() => Truncation.CapturedShare(0.9, 6, 5));
        Should.Throw<ArgumentOutOfRangeException>(() => Latch.RestingState(-1));
    }
}
