using System.Collections.Concurrent;

namespace GradFlow.Autograd.Tests;

public sealed class LateObserverTests
{
    /// <summary>Weights of 10⁻¹² let gradients vanish beyond float32 within a few layers.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-12)]
    public void Parameters_completed_beside_the_walk_have_the_norms_of_those_completed_on_it(double std)
    {
        var (onWalk, beside) = (new Norms(true), new Norms(false));
        float[] expected = Gradients(std, onWalk), gradients = Gradients(std, beside);
        gradients.ShouldBe(expected);
        beside.Of.Count.ShouldBe(24);
        foreach ((string name, double norm) in onWalk.Of) beside.Of[name].ShouldBe(norm, 1e-9, name);
        beside.Of.Values.Min().ShouldBeLessThan(std < 0.1 ? -60 : 0);
        double.IsFinite(beside.Of.Values.Min()).ShouldBeTrue();
    }

    [Fact]
    public void A_pass_that_is_not_to_be_seen_is_not_shown()
    {
        var norms = new Norms(false) { SeesBackward = false };
        Gradients(0.3, norms).ShouldBe(Gradients(0.3, null));
        norms.Of.ShouldBeEmpty();
    }

    private static float[] Gradients(double std, Norms? observer)
    {
        Parameter[] parameters =
        [
            .. Enumerable.Range(0, 12).SelectMany(i => new[]
            {
                Draws.Parameter($"w{i}", std, 16, 16), Draws.Parameter($"b{i}", 0.1, 16),
            }),
        ];
        using var tape = new Tape(observer: observer);
        Variable x = tape.Constant(Draws.Single("x", 32, 16));
        for (int i = 0; i < parameters.Length; i += 2)
            x = Ops.Tanh(Ops.Affine(x, tape.Use(parameters[i]), tape.Use(parameters[i + 1])));
        tape.Backward(Ops.Mean(x * x));
        return [.. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
    }

    private sealed class Norms(bool isOrderSensitive) : ITapeObserver
    {
        public ConcurrentDictionary<string, double> Of { get; } = [];

        public bool IsOrderSensitive => isOrderSensitive;

        public bool SeesBackward { get; init; } = true;

        public void Recorded(Variable result)
        {
        }

        public void Contributed(Variable consumer, int input, Cotangent share)
        {
        }

        public void Completed(Variable variable, Cotangent cotangent)
        {
            if (variable.Parameter is { } parameter) Of[parameter.Name] = cotangent.Log10Norm;
        }
    }
}
