namespace GradFlow.Nn.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void A_constant_rate_stays() => Factors(new Constant()).ShouldAllBe(factor => factor == 1);

    [Theory]
    [InlineData("step")]
    [InlineData("cosine")]
    [InlineData("warm-up")]
    public void Factors_agree_with_PyTorch(string name)
    {
        Schedule schedule = name switch
        {
            "step" => new StepDecay(7, 0.3),
            "cosine" => new Nn.Cosine(24, 0.1),
            _ => new WarmUp(5, new StepDecay(7, 0.3)),
        };
        Factors(schedule).ShouldBe(Reference.Root.GetProperty("schedules").Numbers(name), 1e-12);
    }

    [Fact]
    public void Warm_up_rises_from_one_over_steps_to_one_then_the_other_begins() =>
        Factors(new WarmUp(4, new Nn.Cosine(2)))[..8].ShouldBe([0.25, 0.5, 0.75, 1, 1, 0.5, 0, 0], 1e-15);

    [Fact]
    public void Cosine_stays_at_its_floor() => new Nn.Cosine(10, 0.2).Factor(1000).ShouldBe(0.2);

    [Fact]
    public void Impossible_schedules_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new StepDecay(0, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => new StepDecay(1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new Nn.Cosine(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new WarmUp(-1, new Constant()));
        Should.Throw<ArgumentOutOfRangeException>(() => new Constant().Factor(-1));
    }

    private static double[] Factors(Schedule schedule) => Enumerable.Range(0, 25).Select(schedule.Factor).ToArray();
}
