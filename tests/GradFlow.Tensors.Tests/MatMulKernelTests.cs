namespace GradFlow.Tensors.Tests;

public sealed class MatMulKernelTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 5, 1 }, { 5, 1, 7 }, { 3, 0, 4 }, { 0, 3, 4 }, { 3, 4, 0 }, { 4, 8, 16 }, { 5, 9, 17 },
        { 7, 3, 33 }, { 1, 20, 31 }, { 33, 2, 1 }, { 8, 7, 15 }, { 13, 21, 18 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Products_agree_with_a_naive_loop_over_all_layouts(int m, int k, int n)
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach ((string aLayout, Tensor a) in Layouts.All(new Shape(m, k), type, "a"))
            {
                foreach ((string bLayout, Tensor b) in Layouts.All(new Shape(k, n), type, "b"))
                {
                    Tensor c = Tensor.Full(new Shape(m, n), double.NaN, type);
                    Kernels.MatMul(a, b, c);
                    ShouldBeProduct(a, b, c, $"{aLayout} {a} by {bLayout} {b}");
                }
            }
        }
    }

    /// <summary>k roundings of partial sums that Σ|a·b| bounds (Higham 2002, eq. 3.5).</summary>
    private static void ShouldBeProduct(Tensor a, Tensor b, Tensor c, string what)
    {
        int terms = a.Shape[1];
        for (int i = 0; i < c.Shape[0]; i++)
        {
            for (int j = 0; j < c.Shape[1]; j++)
            {
                double sum = 0, magnitude = 0;
                for (int p = 0; p < terms; p++)
                {
                    sum += a[i, p] * b[p, j];
                    magnitude += Math.Abs(a[i, p] * b[p, j]);
                }
                c[i, j].ShouldBe(
                    sum, (terms + 1) * 2 * Layouts.Rounding(a.ElementType) * magnitude + double.Epsilon, what);
            }
        }
    }

    [Fact]
    public void An_element_has_the_same_bits_wherever_its_tile_lies()
    {
        Tensor a = Layouts.Dense(new Shape(13, 37), name: "a"), b = Layouts.Dense(new Shape(37, 50), name: "b");
        Tensor whole = Tensor.Zeros(new Shape(13, 50)), part = Tensor.Zeros(new Shape(5, 21));
        Kernels.MatMul(a, b, whole);
        Kernels.MatMul(a.Slice(0, 6, 5), b.Slice(1, 11, 21), part);
        part.ToDoubles().ShouldBe(whole.Slice(0, 6, 5).Slice(1, 11, 21).ToDoubles());
    }

    [Fact]
    public void NaN_and_infinity_reach_their_row_and_column_only()
    {
        Tensor a = Layouts.Dense(new Shape(5, 6)), b = Layouts.Dense(new Shape(6, 18)),
            c = Tensor.Zeros(new Shape(5, 18));
        a[4, 2] = double.NaN;
        Kernels.MatMul(a, b, c);
        Kernels.CountNonFinite(c).ShouldBe(18);
        Kernels.CountNonFinite(c.Slice(0, 4, 1)).ShouldBe(18);
        a[4, 2] = double.PositiveInfinity;
        Kernels.MatMul(a, b, c);
        Kernels.CountNonFinite(c).ShouldBe(18);
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3));
        Should.Throw<ArgumentException>(() => Kernels.MatMul(x, x, x)).Message
            .ShouldContain("cannot multiply [2, 3] by [2, 3]");
        Should.Throw<ArgumentException>(() => Kernels.MatMul(x, x.Transpose(), x)).Message
            .ShouldContain("does not fit [2, 3]");
        Should.Throw<ArgumentException>(() => Kernels.MatMul(x, Tensor.Zeros(new Shape(3)), x));
        Should.Throw<ArgumentException>(() => Kernels.MatMul(x, Tensor.Zeros(new Shape(3, 2), ElementType.Float64), x));
        Should.Throw<ArgumentNullException>(() => Kernels.MatMul(x, null!, x));
    }
}
