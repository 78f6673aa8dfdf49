namespace GradFlow.Tensors.Tests;

public sealed class NormalizationKernelTests
{
    private const double Epsilon = 1e-3;

    public static TheoryData<int, int> Sizes => new() { { 2, 1 }, { 3, 5 }, { 9, 17 }, { 1, 4 }, { 33, 40 }, { 4, 0 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Columns_are_normalised_over_the_rows(int rows, int columns)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(rows, columns), type), normalized = Tensor.Zeros(x.Shape, type);
            Tensor mean = Tensor.Zeros(new Shape(columns), type), inverseStd = Tensor.Zeros(new Shape(columns), type);
            Kernels.NormalizeColumns(x, Epsilon, normalized, mean, inverseStd);
            for (int j = 0; j < columns; j++)
            {
                (double mu, double inverse) = Statistics([.. Enumerable.Range(0, rows).Select(i => x[i, j])]);
                mean[j].ShouldBe(mu, Bound(type, rows));
                inverseStd[j].ShouldBe(inverse, Bound(type, rows) * inverse * inverse * inverse);
                for (int i = 0; i < rows; i++)
                    normalized[i, j]
                        .ShouldBe((x[i, j] - mu) * inverse, Bound(type, rows) * inverse * inverse * inverse);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rows_are_normalised_as_the_columns_of_the_transpose(int columns, int rows)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(rows, columns), type), xT = x.Transpose().Clone();
            Tensor g = Layouts.Dense(x.Shape, type, "g"), gT = g.Transpose().Clone();
            Tensor y = Tensor.Zeros(x.Shape, type), yT = Tensor.Zeros(xT.Shape, type);
            Tensor mean = Tensor.Zeros(new Shape(rows), type), std = Tensor.Zeros(new Shape(rows), type),
                stdT = std.Clone();
            Kernels.NormalizeColumns(xT, Epsilon, yT, mean, stdT);
            Kernels.NormalizeRows(x, Epsilon, y, std);
            ShouldAgree(yT.Transpose(), y, type);
            Kernels.NormalizeColumnsBackward(yT, stdT, gT, xT);
            Kernels.NormalizeRowsBackward(y, std, g, x);
            ShouldAgree(xT.Transpose(), x, type);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Zeros(new Shape(3, 4)), three = Tensor.Zeros(new Shape(3)), four = Tensor.Zeros(new Shape(4));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeColumns(x, 0, x.Clone(), three, three.Clone()));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeColumns(three, 0, three, three, three));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeRows(x, 0, x.Clone(), four));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeRowsBackward(x, four, x, x));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeColumnsBackward(x, three, x, x));
    }

    /// <summary>n roundings of numbers of ordinary size; σ⁻¹ enlarges what the variance is off by.</summary>
    private static double Bound(ElementType type, int count) => 16 * (count + 4) * Layouts.Rounding(type);

    private static void ShouldAgree(Tensor expected, Tensor actual, ElementType type)
    {
        // With ε = 10⁻³ σ⁻¹ is at most 32, and it enters the backward pass up to twice.
        double bound = 1000 * Bound(type, Math.Max(expected.Shape[0], expected.Shape[1]));
        foreach (int[] index in Layouts.Indices(expected.Shape)) actual[index].ShouldBe(expected[index], bound);
    }

    private static (double Mean, double InverseStd) Statistics(double[] values)
    {
        double mean = values.Average();
        return (mean, 1 / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + Epsilon));
    }
}
