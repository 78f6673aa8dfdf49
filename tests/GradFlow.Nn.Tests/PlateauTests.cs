using System.Text.Json;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class PlateauTests
{
    public static TheoryData<int> Cases { get; } = [.. Enumerable.Range(0, 3)];

    [Theory, MemberData(nameof(Cases))]
    public void Factors_agree_with_PyTorch(int index)
    {
        JsonElement reference = Reference.Training.GetProperty("plateaus")[index];
        OnPlateau plateau = Make(reference);
        double[] factors = [.. reference.Numbers("values").Select(value => Judged(plateau, value))];
        factors.ShouldBe(reference.Numbers("factors"), 1e-15);
        factors.Distinct().Count().ShouldBeGreaterThan(2);
    }

    [Theory, MemberData(nameof(Cases))]
    public void One_that_loads_the_state_of_another_goes_on_like_it(int index)
    {
        JsonElement reference = Reference.Training.GetProperty("plateaus")[index];
        OnPlateau whole = Make(reference), resumed = Make(reference);
        double[] values = reference.Numbers("values");
        foreach (double value in values[..41]) whole.Judge(value);
        resumed.LoadState(whole.State);
        foreach (double value in values[41..]) Judged(resumed, value).ShouldBe(Judged(whole, value));
    }

    [Fact]
    public void Values_that_are_no_numbers_are_no_improvement()
    {
        var plateau = new OnPlateau(0.5, patience: 1);
        Judged(plateau, double.NaN).ShouldBe(1);
        Judged(plateau, double.PositiveInfinity).ShouldBe(0.5);
        Judged(plateau, 3).ShouldBe(0.5);
    }

    [Fact]
    public void A_state_of_something_else_is_refused() =>
        Should.Throw<ArgumentException>(() => new OnPlateau().LoadState(new Dictionary<string, Tensor>()))
            .Message.ShouldContain("'progress'");

    [Fact]
    public void Impossible_plateaus_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new OnPlateau(1));
        Should.Throw<ArgumentOutOfRangeException>(() => new OnPlateau(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new OnPlateau(patience: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new OnPlateau(threshold: 1));
    }

    private static double Judged(OnPlateau plateau, double value)
    {
        plateau.Judge(value);
        return plateau.Factor;
    }

    private static OnPlateau Make(JsonElement reference)
    {
        JsonElement settings = reference.GetProperty("settings");
        return new OnPlateau(
            settings.GetProperty("factor").GetDouble(), settings.GetProperty("patience").GetInt32(),
            settings.Number("threshold", 1e-4), (int)settings.Number("cooldown", 0), settings.Number("min_lr", 0),
            settings.TryGetProperty("mode", out _));
    }
}
