using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

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

    [Theory]
    [InlineData("exponential")]
    [InlineData("cosine-restarts")]
    [InlineData("cosine-restarts that grow")]
    [InlineData("one-cycle")]
    [InlineData("one-cycle, steep")]
    public void Factors_that_decay_restart_or_cycle_agree_with_PyTorch(string name)
    {
        Schedule schedule = name switch
        {
            "exponential" => new ExponentialDecay(1, 0.9),
            "cosine-restarts" => new CosineRestarts(7, floor: 0.1),
            "cosine-restarts that grow" => new CosineRestarts(3, 2),
            "one-cycle" => new OneCycle(25),
            _ => new OneCycle(25, 0.1, 0.1, 0.001),
        };
        Factors(schedule).ShouldBe(Reference.Training.GetProperty("schedules").Numbers(name), 1e-12);
    }

    [Theory]
    [InlineData("momentum")]
    [InlineData("nesterov, steep")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void Momenta_that_cycle_and_weights_under_them_agree_with_PyTorch(string name)
    {
        JsonElement reference = Reference.Case("cycles", name);
        var schedule = name == "nesterov, steep"
            ? new OneCycle(25, 0.1, 0.1, 0.001, 0.7, 0.9)
            : new OneCycle(25);
        Parameter weight = Given.Parameter("w", reference.Numbers("start"), ElementType.Float64);
        Optimizer optimizer = name switch
        {
            "momentum" => new Sgd([weight], 0.1, 0.9),
            "nesterov, steep" => new Sgd([weight], 0.1, 0.9, nesterov: true),
            "adam" => new Adam([weight], 0.1),
            "adamw" => new AdamW([weight], 0.1),
            _ => new RmsProp([weight], 0.1, momentum: 0.5),
        };
        double[] momenta = reference.Numbers("momenta");
        double[][] gradients = reference.Rows("gradients"), weights = reference.Rows("weights");
        for (int step = 0; step < momenta.Length; step++)
        {
            optimizer.LearningRate = 0.1 * schedule.Factor(step);
            double momentum = schedule.Momentum(step)!.Value;
            momentum.ShouldBe(momenta[step], 1e-12);
            ((IHasMomentum)optimizer).Momentum = momentum;
            weight.SetGradient(gradients[step]);
            optimizer.Step();
            weight.Value.ToDoubles().ShouldBe(weights[step], 1e-9);
        }
    }

    [Fact]
    public void A_momentum_waits_for_the_warm_up_and_moves_only_where_asked_to()
    {
        var warm = new WarmUp(4, new OneCycle(25));
        for (int step = 0; step < 4; step++) warm.Momentum(step).ShouldBe(0.95);
        warm.Momentum(9).ShouldBe(new OneCycle(25).Momentum(5));
        new WarmUp(4, new Constant()).Momentum(3).ShouldBeNull();
        new OneCycle(25) { CyclesMomentum = false }.Momentum(3).ShouldBeNull();
        new OneCycle(25).Momentum(1000).ShouldBe(0.95);
        Should.Throw<ArgumentOutOfRangeException>(() => new OneCycle(25).Momentum(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => new OneCycle(25, mostMomentum: 1));
    }

    [Fact]
    public void An_exponential_passes_through_the_corners_of_the_stairs()
    {
        var smooth = new ExponentialDecay(5, 0.5);
        var stairs = new StepDecay(5, 0.5);
        for (int step = 0; step < 50; step += 5) smooth.Factor(step).ShouldBe(stairs.Factor(step), 1e-12);
        smooth.Factor(7).ShouldBeLessThan(stairs.Factor(7));
    }

    [Fact]
    public void Restarts_grow_without_end()
    {
        var schedule = new CosineRestarts(1, 2);
        // Cosines of 1, 2, 4, … steps begin at 2ⁿ − 1.
        for (int n = 0; n < 31; n++) schedule.Factor((int)((1L << n) - 1)).ShouldBe(1);
        schedule.Factor(int.MaxValue - 1).ShouldBeLessThan(1e-9);
    }

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(3, 0.01)]
    [InlineData(100, 0.99)]
    public void One_cycle_stays_between_its_ends_whatever_its_length(int steps, double rise)
    {
        var schedule = new OneCycle(steps, rise);
        for (int step = 0; step < 2 * steps; step++) schedule.Factor(step).ShouldBeInRange(4e-6, 1);
        schedule.Factor(2 * steps).ShouldBe(4e-6);
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
        Should.Throw<ArgumentOutOfRangeException>(() => new ExponentialDecay(0, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => new CosineRestarts(5, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new OneCycle(1));
        Should.Throw<ArgumentOutOfRangeException>(() => new OneCycle(10, rise: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new WarmUp(-1, new Constant()));
        Should.Throw<ArgumentOutOfRangeException>(() => new Constant().Factor(-1));
    }

    private static double[] Factors(Schedule schedule) => Enumerable.Range(0, 25).Select(schedule.Factor).ToArray();
}
