namespace GradFlow.Tensors.Tests;

public sealed class SumKernelTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 40), 1000, 4095, 4096, 4097, 9001, 70_001];

    /// <summary>
    /// Sizes at which squares leave float32's range on either side, and one number of another size among them.
    /// </summary>
    public static TheoryData<double, double> Sizes => new()
    {
        { 1, 1 }, { 1, 0 }, { 0, 0 }, { 0, 1 }, { 1e-30, 1e-30 }, { 1e-42, 1e-42 }, { 1e30, 1e30 }, { 1, 1e30 },
        { 1e-30, 1 },
        { 0, 1e-40 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_over_a_gradient_agree_with_naive_loops(double size, double sizeOfOne)
    {
        foreach ((Tensor g, Tensor earlier) in Pairs(size, sizeOfOne))
        {
            double[] x = g.ToDoubles(), y = earlier.ToDoubles();
            double squares = x.Sum(v => v * v), old = y.Sum(v => v * v);
            GradientSums alone = Kernels.MeasureGradient(g);
            (alone.Dot, alone.EarlierSquares).ShouldBe((0, 0));
            GradientSums sums = Kernels.MeasureGradient(g, earlier, keeps: true);
            foreach (GradientSums each in new[] { alone, sums })
            {
                each.Squares.ShouldBe(squares, 1e-6 * squares + double.Epsilon);
                each.Magnitudes.ShouldBe(x.Sum(Math.Abs), 1e-5 * x.Sum(Math.Abs) + double.Epsilon);
                each.MaxAbs.ShouldBe(x.Select(Math.Abs).DefaultIfEmpty().Max());
                each.Zeros.ShouldBe(x.Count(v => v == 0));
                each.NonFinite.ShouldBe(0);
            }
            sums.EarlierSquares.ShouldBe(old, 1e-6 * old + double.Epsilon);
            sums.Dot.ShouldBe(x.Zip(y, (a, b) => a * b).Sum(), 1e-6 * Math.Sqrt(squares * old) + double.Epsilon);
            earlier.ToDoubles().ShouldBe(x);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_over_weights_agree_with_naive_loops(double size, double sizeOfOne)
    {
        foreach ((Tensor w, Tensor initial) in Pairs(size, sizeOfOne))
        {
            double[] x = w.ToDoubles(), y = initial.ToDoubles();
            double squares = x.Sum(v => v * v), distance = x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();
            Tensor kept = Tensor.Zeros(w.Shape, w.ElementType);
            WeightSums sums = Kernels.MeasureWeight(w, initial, kept);
            sums.Squares.ShouldBe(squares, 1e-6 * squares + double.Epsilon);
            sums.Distance.ShouldBe(distance, 1e-6 * distance + double.Epsilon);
            kept.ToDoubles().ShouldBe(x);
            Kernels.MeasureWeight(w, initial).ShouldBe(sums);
            Kernels.MeasureWeight(w, w).Distance.ShouldBe(0);
            Kernels.SumOfSquaredDifferences(w, initial).ShouldBe(distance, 1e-6 * distance + double.Epsilon);
            if (squares > 0) Kernels.Log10Norm(w).ShouldBe(0.5 * Math.Log10(squares), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_over_a_signal_agree_with_naive_loops(double size, double sizeOfOne)
    {
        foreach ((Tensor signal, _) in Pairs(size, sizeOfOne))
        {
            double[] x = signal.ToDoubles();
            (double low, double high) = (-0.5 * size, 0.25 * size);
            SignalSums sums = Kernels.MeasureSignal(signal, low, high), unbounded = Kernels.MeasureSignal(signal);
            sums.Sum.ShouldBe(x.Sum(), 1e-13 * x.Sum(Math.Abs) + double.Epsilon);
            sums.Squares.ShouldBe(x.Sum(v => v * v), 1e-13 * x.Sum(v => v * v) + double.Epsilon);
            sums.Outside.ShouldBe(x.Count(v => v <= low || v >= high));
            unbounded.ShouldBe(sums with { Outside = 0 });
        }
    }

    [Fact]
    public void The_spread_of_a_signal_is_found_beside_a_large_mean()
    {
        double[] numbers = [.. Enumerable.Range(0, 5000).Select(i => 4096 + (i % 2 == 0 ? 0.25 : -0.25))];
        SignalSums sums = Kernels.MeasureSignal(Tensor.From(numbers).Clone(ElementType.Float32));
        double mean = sums.Sum / numbers.Length;
        mean.ShouldBe(4096, 1e-9);
        (sums.Squares / numbers.Length - mean * mean).ShouldBe(0.0625, 1e-6);
    }

    [Fact]
    public void What_is_not_finite_is_counted_and_NaN_is_the_largest()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int at in new[] { 0, 100, 4999 })
            {
                Tensor x = Layouts.Dense(new Shape(5000), type), y = x.Clone();
                x[at] = double.NegativeInfinity;
                GradientSums sums = Kernels.MeasureGradient(x, y);
                (sums.MaxAbs, sums.NonFinite, sums.Squares).ShouldBe(
                    (double.PositiveInfinity, 1, double.PositiveInfinity));
                x[(at + 3) % 5000] = double.NaN;
                sums = Kernels.MeasureGradient(x, y);
                (sums.MaxAbs, sums.NonFinite, sums.Squares).ShouldBe((double.NaN, 2, double.NaN));
                double.IsNaN(Kernels.MeasureSignal(x).Sum).ShouldBeTrue();
                double.IsNaN(Kernels.MeasureWeight(x, y).Squares).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Exponents_are_counted_at_every_length_and_spread()
    {
        foreach (int length in Lengths)
        {
            foreach (double decades in new[] { 0.0, 5, 30, 80 })
            {
                Tensor x = Layouts.Dense(new Shape(length), ElementType.Float32);
                for (int i = 0; i < length; i++)
                    x[i] = i % 17 == 0 ? 0 : x[i] * Math.Pow(10, decades * (i * 31 % 101 / 100.0 - 0.5));
                int[] counts = new int[277], expected = new int[277];
                Kernels.CountExponents(x, counts, -149);
                foreach (double value in x.ToDoubles().Where(v => v != 0 && double.IsFinite(v)))
                    expected[Math.ILogB(value) + 149]++;
                counts.ShouldBe(expected, $"{length} over {decades} decades");
            }
        }
    }

    [Fact]
    public void Shapes_that_differ_are_refused()
    {
        Tensor x = Tensor.Zeros(new Shape(3)), y = Tensor.Zeros(new Shape(4));
        Should.Throw<ArgumentException>(() => Kernels.MeasureGradient(x, y));
        Should.Throw<ArgumentException>(() => Kernels.MeasureWeight(x, y));
        Should.Throw<ArgumentException>(() => Kernels.MeasureWeight(x, x, y));
    }

    private static IEnumerable<(Tensor, Tensor)> Pairs(double size, double sizeOfOne)
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int length in Lengths)
            {
                Tensor x = Layouts.Dense(new Shape(length), type, "x"), y = Layouts.Dense(new Shape(length), type, "y");
                Kernels.Scale(x, size, x);
                Kernels.Scale(y, size, y);
                if (length > 0) x[length / 3] = sizeOfOne;
                if (length > 5) y[length / 2] = -sizeOfOne;
                yield return (x, y);
            }
        }
    }
}
