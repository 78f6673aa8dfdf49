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
    public void Columns_are_measured_at_every_width()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int count in Enumerable.Range(1, 40))
            {
                Tensor x = Layouts.Dense(new Shape(2, 3, count + 4), type);
                double[] own = x.Slice(2, 3, count).Clone().ToDoubles();
                ColumnShares shares = Kernels.MeasureColumns(x, 3, count, -0.5, 1);
                shares.Mean.ShouldBe(own.Average(), Layouts.Rounding(type) * count * 4);
                shares.Below.ShouldBe(own.Count(value => value < -0.5) / (double)own.Length);
                shares.Above.ShouldBe(own.Count(value => value > 1) / (double)own.Length);
            }
        }
    }

    [Fact]
    public void Columns_are_measured_where_sequences_hold_data()
    {
        Tensor x = Tensor.From([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
            .Reshape(new Shape(3, 3, 2));
        // Of the first all steps, of the second none, of the third one: 1, 3, 5 and 13.
        Kernels.MeasureColumns(x, 1, 1, 2, 4, [3, 0, 1]).ShouldBe(new ColumnShares(5.5, 0.25, 0.5));
        Should.Throw<ArgumentException>(() => Kernels.MeasureColumns(x, 0, 1, 2, 4, [3, 2]))
            .Message.ShouldBe("2 lengths of sequences [3, 3, 2]; expected one of each");
    }

    [Fact]
    public void A_matrix_is_laid_out_once_for_many_vectors()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int[] extents in new int[][] { [1, 1], [3, 7], [40, 10], [10, 40], [65, 33] })
            {
                Tensor matrix = Layouts.Dense(new Shape(extents), type);
                var product = VectorProduct.Of(matrix, size => Tensor.Full(new Shape(size), double.NaN, type));
                foreach (string name in new[] { "v", "w" })
                {
                    double[] v = Layouts.Dense(new Shape(extents[1]), type, name).ToDoubles();
                    double[] into = new double[extents[0]];
                    product.Multiply(v, into);
                    double bound = 4 * extents[1] * extents[1] * Layouts.Rounding(type);
                    for (int i = 0; i < into.Length; i++)
                        into[i].ShouldBe(Enumerable.Range(0, v.Length).Sum(j => matrix[i, j] * v[j]), bound);
                }
                Should.Throw<ArgumentException>(
                    () => product.Multiply(new double[extents[1] + 1], new double[extents[0]]));
            }
        }
    }

    [Fact]
    public void The_samples_reached_end_with_the_last_that_is_not_zero_throughout()
    {
        Tensor x = Tensor.Zeros(new Shape(4, 2, 3));
        Kernels.SamplesReached(x).ShouldBe(0);
        x[2, 1, 2] = -0.0;
        Kernels.SamplesReached(x).ShouldBe(0);
        x[2, 0, 1] = double.NaN;
        Kernels.SamplesReached(x).ShouldBe(3);
        Kernels.SamplesReached(Tensor.Zeros(new Shape(0, 3))).ShouldBe(0);
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
