using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class RenormalizedBackwardTests
{
    private const int Width = 32, Batch = 32, Depth = 1000;

    [Fact]
    public void A_thousand_sigmoid_layers_vanish_to_the_norms_that_float64_logs_give() =>
        ShouldFollowTheLogs(std: 0.1, isSigmoid: true).ShouldBeLessThan(-600);

    [Fact]
    public void A_thousand_linear_layers_explode_to_the_norms_that_float64_logs_give() =>
        ShouldFollowTheLogs(std: 1, isSigmoid: false).ShouldBeGreaterThan(600);

    /// <summary>Runs a net on a tape and by plain loops; returns log10 ‖∂L/∂x‖ at the first layer.</summary>
    private static double ShouldFollowTheLogs(double std, bool isSigmoid)
    {
        Tensor[] weights =
            [.. Enumerable.Range(0, Depth).Select(l => Draws.Normal($"{l}", ElementType.Float32, std, Width, Width))];
        // A linear net that explodes backward would do so forward too, were its input not 0.
        Tensor data = isSigmoid ? Draws.Single("data", Batch, Width) : Tensor.Zeros(new Shape(Batch, Width));
        Tensor seed = Draws.Single("seed", Batch, Width);
        var norms = new LogNorms();
        using var tape = new Tape(observer: norms);
        Variable x = tape.Input(data);
        foreach (Tensor weight in weights)
        {
            x = Ops.Affine(x, tape.Constant(weight), null);
            if (isSigmoid) x = Ops.Sigmoid(x);
        }
        tape.Gradients(x, [], seed);
        double[] expected = IndependentLogNorms.Of(weights, data, seed, isSigmoid);
        // Each layer sums 32 products and takes a slope, so 34 roundings of 2⁻²⁴; logs of 1,000 of them add up.
        double bound = Depth * 34 * Math.Pow(2, -24) * Math.Log10(Math.E);
        norms.OfLayerInputs.Count.ShouldBe(Depth);
        for (int l = 0; l < Depth; l++) norms.OfLayerInputs[Depth - 1 - l].ShouldBe(expected[l], bound, $"layer {l}");
        return expected[0];
    }

    [Fact]
    public void Gradients_in_range_have_the_same_bits_with_and_without()
    {
        foreach (Func<Tape, IReadOnlyList<Parameter>> net in Nets.All)
        {
            IReadOnlyList<Parameter> with, without;
            using (var tape = new Tape()) with = net(tape);
            using (var tape = new Tape { IsRenormalized = false }) without = net(tape);
            for (int i = 0; i < with.Count; i++)
            {
                Kernels.SumOfSquares(with[i].Gradient).ShouldBeGreaterThan(0);
                with[i].Gradient.ToDoubles().ShouldBe(without[i].Gradient.ToDoubles(), with[i].Name);
            }
        }
    }

    /// <summary>T1: σ′(0) = ¼, so twenty layers leave 4⁻²⁰.</summary>
    [Fact]
    public void Twenty_sigmoids_at_zero_with_unit_weights_leave_exactly_their_slopes()
    {
        foreach (ElementType type in new[] { ElementType.Float32, ElementType.Float64 })
        {
            using var tape = new Tape();
            Variable x = tape.Input(Tensor.Zeros(new Shape(1, 1), type));
            Variable one = tape.Constant(Tensor.Full(new Shape(1, 1), 1, type)),
                half = tape.Constant(Tensor.Full(new Shape(1, 1), 0.5, type));
            Variable y = x;
            for (int layer = 0; layer < 20; layer++) y = Ops.Sigmoid(Ops.Affine(y, one, null)) - half;
            tape.Gradients(y, [x])[0]![0, 0].ShouldBe(9.094947017729282379e-13);
            Math.Pow(4, -20).ShouldBe(9.094947017729282379e-13);
        }
    }

    /// <summary>
    /// T2: 4⁻ᵏ is below half of the smallest number first at k = 75 in float32 and k = 538 in float64.
    /// </summary>
    [Theory]
    [InlineData(ElementType.Float32, 75)]
    [InlineData(ElementType.Float64, 538)]
    public void Plain_chains_end_in_exact_zero_where_renormalised_ones_do_not(ElementType type, int first)
    {
        Chain(type, first - 1, isRenormalized: false).Log10Norm.ShouldBe(-(first - 1) * Math.Log10(4), 1e-9);
        Chain(type, first, isRenormalized: false).Log10Norm.ShouldBe(double.NegativeInfinity);
        foreach (int depth in new[] { first - 1, first, first + 1, 3 * first, 2000 })
            Chain(type, depth, isRenormalized: true).Log10Norm.ShouldBe(-depth * Math.Log10(4), 1e-9);
    }

    private static Cotangent Chain(ElementType type, int depth, bool isRenormalized)
    {
        var observer = new RecordingObserver();
        using var tape = new Tape(observer: observer) { IsRenormalized = isRenormalized };
        Variable x = tape.Input(Tensor.Zeros(new Shape(), type));
        tape.Gradients(Vanish(x, depth), [x]);
        return observer.Completed[x];
    }

    [Fact]
    public void Paths_add_at_the_larger_exponent_in_either_order()
    {
        foreach (bool isDeepFirst in new[] { true, false })
        {
            Cotangent sum = Joined(x => isDeepFirst
                ? Vanish(x, 105) + Vanish(x, 100)
                : Vanish(x, 100) + Vanish(x, 105));
            sum.Log10Norm.ShouldBe(-100 * Math.Log10(4) + Math.Log10(1 + Math.Pow(4, -5)), 1e-12);
            Joined(x => isDeepFirst ? Vanish(x, 300) + x : x + Vanish(x, 300)).ShouldSatisfyAllConditions(
                c => c.Exponent.ShouldBe(0), c => c.Mantissa[[]].ShouldBe(1));
        }
    }

    [Fact]
    public void A_dead_path_does_not_flush_a_vanished_one_beside_it()
    {
        // At 0 a rectifier passes nothing: its path contributes exact zeros.
        foreach (bool isDeadFirst in new[] { true, false })
        {
            Cotangent sum = Joined(x => isDeadFirst
                ? Ops.Relu(x) + Vanish(x, 300)
                : Vanish(x, 300) + Ops.Relu(x));
            sum.Log10Norm.ShouldBe(-300 * Math.Log10(4), 1e-9);
        }
        Joined(Ops.Relu).Log10Norm.ShouldBe(double.NegativeInfinity);
    }

    private static Cotangent Joined(Func<Variable, Variable> function)
    {
        var observer = new RecordingObserver();
        using var tape = new Tape(observer: observer);
        Variable x = tape.Input(Tensor.Zeros(new Shape()));
        tape.Gradients(function(x), [x]);
        return observer.Completed[x];
    }

    [Fact]
    public void NaN_stays_NaN_and_infinity_infinite_at_any_depth()
    {
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity })
        {
            var observer = new RecordingObserver();
            using var tape = new Tape(observer: observer);
            Variable x = tape.Input(Tensor.Zeros(new Shape(2)));
            tape.Gradients(Vanish(x, 200), [x], Tensor.From([wrong, 1f]));
            observer.Completed[x].Log10Norm.ShouldBe(wrong);
            Variable y = tape.Input(Tensor.Zeros(new Shape(2)));
            tape.Gradients(
                Vanish(y, 200) + tape.Constant(Tensor.Full(new Shape(2), wrong)) * y, [y], Tensor.From([1f, 1f]));
            observer.Completed[y].Log10Norm.ShouldBe(wrong);
        }
    }

    [Fact]
    public void Parameters_get_plain_numbers_once_at_the_end()
    {
        var parameter = new Parameter("w", Tensor.Zeros(new Shape()));
        foreach ((int depth, double factor, double expected) in new[]
        {
            (70, 1.0, Math.Pow(4, -70)), (100, Math.Pow(2, 100), Math.Pow(2, -100)), (100, 1.0, 0.0), (0, 8.0, 8.0),
        })
        {
            parameter.ClearGradient();
            using var tape = new Tape();
            tape.Backward(Vanish(factor * tape.Use(parameter), depth));
            parameter.HasGradient.ShouldBeTrue();
            parameter.Gradient[[]].ShouldBe(expected);
        }
    }

    /// <summary>Sigmoids at 0, each of slope ¼, moved back to 0 in between.</summary>
    private static Variable Vanish(Variable x, int depth)
    {
        Variable half = x.Tape.Constant(Tensor.Full(x.Shape, 0.5, x.Value.ElementType));
        for (int layer = 0; layer < depth; layer++) x = Ops.Sigmoid(x) - half;
        return x;
    }

    /// <summary>The log norms of what flows into each affine layer, last layer first.</summary>
    private sealed class LogNorms : ITapeObserver
    {
        public List<double> OfLayerInputs { get; } = [];

        public void Recorded(Variable result)
        {
        }

        public void Contributed(Variable consumer, int input, Cotangent share)
        {
            if (consumer.Operation == "affine" && input == 0) OfLayerInputs.Add(share.Log10Norm);
        }

        public void Completed(Variable variable, Cotangent cotangent)
        {
        }
    }
}
