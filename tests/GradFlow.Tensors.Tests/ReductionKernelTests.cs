namespace GradFlow.Tensors.Tests;

public sealed class ReductionKernelTests
{
    public static TheoryData<int[], int[]> Targets => new()
    {
        { [4, 17], [17] }, { [4, 17], [4, 1] }, { [4, 17], [1, 1] }, { [4, 17], [] }, { [4, 17], [4, 17] },
        { [2, 3, 9], [3, 1] }, { [2, 3, 9], [2, 1, 9] }, { [2, 3, 9], [9] }, { [19], [1] }, { [0, 3], [3] },
        { [3, 0], [3, 1] }, { [], [] }, { [5, 1], [1] },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void Sums_over_stretched_dimensions_agree_with_a_naive_loop(int[] from, int[] to)
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach ((string layout, Tensor x) in Layouts.All(new Shape(from), type, "x"))
            {
                Tensor into = Tensor.Full(new Shape(to), double.NaN, type);
                double[] sums = new double[into.Size], magnitudes = new double[into.Size];
                Tensor place =
                    Tensor.From([.. Enumerable.Range(0, into.Size).Select(i => (double)i)], to).Reshape(into.Shape);
                foreach (int[] index in Layouts.Indices(x.Shape))
                {
                    sums[(int)Layouts.At(place, index)] += x[index];
                    magnitudes[(int)Layouts.At(place, index)] += Math.Abs(x[index]);
                }
                Kernels.SumTo(x, into);
                double[] result = into.ToDoubles();
                for (int i = 0; i < result.Length; i++)
                    result[i].ShouldBe(sums[i], x.Size * 2 * Layouts.Rounding(type) * magnitudes[i] + double.Epsilon,
                        $"{layout} {x} to {into}");
            }
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 37)]
    [InlineData(12, 100)]
    public void Sums_of_columns_have_the_bits_of_one_row_added_after_the_other(int rows, int columns)
    {
        Tensor x = Layouts.Dense(new Shape(rows, columns), ElementType.Float32, "x");
        Tensor into = Tensor.Zeros(new Shape(columns));
        Kernels.SumTo(x, into);
        for (int j = 0; j < columns; j++)
        {
            float sum = 0;
            for (int i = 0; i < rows; i++) sum += (float)x[i, j];
            into[j].ShouldBe(sum);
        }
    }

    [Fact]
    public void A_sum_that_is_refused_leaves_its_destination_alone()
    {
        Tensor into = Tensor.Full(new Shape(3), 5);
        Should.Throw<ArgumentException>(() => Kernels.SumTo(Tensor.Zeros(new Shape(2, 4)), into));
        into.ToDoubles().ShouldBe([5, 5, 5]);
    }

    [Fact]
    public void Scalars_of_a_tensor_agree_with_naive_loops_at_every_length()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int length in Enumerable.Range(0, 40).Append(5001))
            {
                Tensor x = Layouts.Dense(new Shape(length + 2), type, "x").Slice(0, 2, length);
                Tensor y = Layouts.Dense(new Shape(length + 1), type, "y").Slice(0, 1, length);
                double[] xs = x.ToDoubles(), ys = y.ToDoubles();
                double bound = 1e-15 * (1 + length) * (1 + length);
                Kernels.Sum(x).ShouldBe(xs.Sum(), bound);
                Kernels.SumOfSquares(x).ShouldBe(xs.Sum(v => v * v), bound);
                Kernels.Dot(x, y).ShouldBe(xs.Zip(ys, (a, b) => a * b).Sum(), bound);
                Kernels.MaxAbs(x).ShouldBe(length == 0 ? 0 : xs.Max(Math.Abs));
                Kernels.CountNonFinite(x).ShouldBe(0);
            }
        }
    }

    /// <summary>Where an array happens to lie in memory must not change a sum's order.</summary>
    [Fact]
    public void Sums_have_the_same_bits_wherever_the_numbers_lie()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int length in new[] { 33, 257, 5000 })
            {
                Tensor x = Layouts.Dense(new Shape(1, length), type), room = Tensor.Zeros(new Shape(length + 32), type);
                var sums = new HashSet<(double, double, double, double)>();
                for (int offset = 0; offset < 32; offset++)
                {
                    Tensor y = room.Slice(0, offset, length).Reshape(x.Shape),
                        row = Tensor.Zeros(new Shape(1, 1), type);
                    Kernels.Copy(x, y);
                    Kernels.SumTo(y, row);
                    sums.Add((Kernels.Sum(y), Kernels.SumOfSquares(y), Kernels.Dot(y, x), row[0, 0]));
                }
                sums.Count.ShouldBe(1, $"{type}, {length}");
            }
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_counted_and_NaN_is_the_largest()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int at in new[] { 0, 9, 20 })
            {
                Tensor x = Layouts.Dense(new Shape(21), type);
                x[at] = double.NegativeInfinity;
                Kernels.MaxAbs(x).ShouldBe(double.PositiveInfinity);
                Kernels.CountNonFinite(x).ShouldBe(1);
                Kernels.Log10Norm(x).ShouldBe(double.PositiveInfinity);
                x[(at + 3) % 21] = double.NaN;
                Kernels.MaxAbs(x).ShouldBe(double.NaN);
                Kernels.CountNonFinite(x).ShouldBe(2);
                Kernels.Log10Norm(x).ShouldBe(double.NaN);
            }
        }
        Kernels.CountNonFinite(Tensor.Full(new Shape(9), float.MaxValue)).ShouldBe(0);
        Kernels.CountNonFinite(Tensor.Full(new Shape(9), double.MaxValue, ElementType.Float64)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-40)]
    [InlineData(38)]
    [InlineData(-308)]
    [InlineData(-320)]
    [InlineData(308)]
    public void The_log_norm_is_finite_where_squares_are_not(int decade)
    {
        foreach (ElementType type in Layouts.Types)
        {
            if (type == ElementType.Float32 && Math.Abs(decade) > 40) continue;
            Tensor x = Tensor.Full(new Shape(25), Math.Pow(10, decade), type);
            // Subnormal numbers have few digits: compare with the number that is really there.
            Kernels.Log10Norm(x).ShouldBe(Math.Log10(x[0]) + Math.Log10(5), 1e-12);
        }
        Kernels.Log10Norm(Tensor.Zeros(new Shape(3), ElementType.Float64)).ShouldBe(double.NegativeInfinity);
        Kernels.Log10Norm(Tensor.Zeros(new Shape(3))).ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void Squares_of_small_float32_numbers_do_not_underflow()
    {
        Kernels.SumOfSquares(Tensor.Full(new Shape(4), 1e-30)).ShouldBe(4 * Math.Pow(1e-30f, 2), 1e-66);
        Kernels.SumOfSquares(Tensor.Full(new Shape(4), 1e30)).ShouldBe(4 * Math.Pow(1e30f, 2), 1e54);
    }
}
