namespace GradFlow.Tensors.Tests;

public sealed class StatisticsKernelTests
{
    [Fact]
    public void Statistics_agree_with_naive_loops_at_every_length()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int length in Enumerable.Range(0, 40).Append(1000))
            {
                Tensor x = Layouts.Dense(new Shape(length + 3), type, "x").Slice(0, 3, length);
                Tensor y = Layouts.Dense(new Shape(length), type, "y");
                for (int i = 0; i < length; i += 3) x[i] = i % 2 == 0 ? 0 : -0.0;
                double[] xs = x.ToDoubles(), ys = y.ToDoubles();
                double bound = Layouts.Rounding(type) * length * length + double.Epsilon;
                Kernels.SumOfMagnitudes(x).ShouldBe(xs.Sum(Math.Abs), bound);
                Kernels.SumOfSquaredDifferences(x, y).ShouldBe(xs.Zip(ys, (a, b) => (a - b) * (a - b)).Sum(), bound);
                Kernels.CountZeros(x).ShouldBe((length + 2) / 3);
            }
        }
    }

    [Fact]
    public void Exponents_are_counted_down_to_the_subnormal_and_without_zeros_and_infinities()
    {
        double[] numbers =
        [
            0, -0.0, 1, -1.5, 2, 0.75, 1e-3, -1e-40, 1e-45, 3e38, double.NaN, double.PositiveInfinity,
                double.NegativeInfinity,
        ];
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Tensor.From(numbers).Clone(type);
            foreach ((int lowest, int bins) in new[] { (-160, 320), (-20, 21), (0, 1) })
            {
                int[] counts = new int[bins], expected = new int[bins];
                Kernels.CountExponents(x, counts, lowest);
                foreach (double value in x.ToDoubles().Where(v => v != 0 && double.IsFinite(v)))
                    expected[Math.Clamp(Math.ILogB(value) - lowest, 0, bins - 1)]++;
                counts.ShouldBe(expected, $"{type} from {lowest}");
            }
        }
    }
}
