namespace GradFlow.Tensors.Tests;

public sealed class MatMulKernelTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 5, 1 }, { 5, 1, 7 }, { 3, 0, 4 }, { 0, 3, 4 }, { 3, 4, 0 }, { 4, 8, 16 }, { 5, 9, 17 },
        { 7, 3, 33 }, { 1, 20, 31 }, { 33, 2, 1 }, { 8, 7, 15 }, { 13, 21, 18 }, { 25, 19, 48 }, { 2, 300, 35 },
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

    /// <summary>Every height of a register tile, stretches of k beyond the longest, and edges of strips.</summary>
    [Fact]
    public void Products_of_many_sizes_agree_with_a_naive_loop()
    {
        for (int m = 1; m <= 26; m++)
        {
            foreach ((int k, int n) in new[] { (5, 32), (8, 17), (257, 16), (13, 33) })
            {
                Tensor a = Layouts.Dense(new Shape(m, k), name: "a"), b = Layouts.Dense(new Shape(k, n), name: "b");
                Tensor c = Tensor.Full(new Shape(m, n), double.NaN);
                Kernels.MatMul(a, b, c);
                ShouldBeProduct(a, b, c, $"{a} by {b}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Transposing_an_operand_in_the_call_is_transposing_it_before(int m, int k, int n)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor a = Layouts.Dense(new Shape(k, m), type, "a"), b = Layouts.Dense(new Shape(n, k), type, "b");
            Tensor views = Tensor.Zeros(new Shape(m, n), type), flags = Tensor.Full(new Shape(m, n), double.NaN, type);
            Kernels.MatMul(a.Transpose(), b.Transpose(), views);
            Kernels.MatMul(a, b, flags, transposeA: true, transposeB: true);
            flags.ToDoubles().ShouldBe(views.ToDoubles());
        }
    }

    [Fact]
    public void Accumulating_continues_each_chain()
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor a = Layouts.Dense(new Shape(27, 700), type, "a"), b = Layouts.Dense(new Shape(700, 45), type, "b");
            Tensor whole = Tensor.Zeros(new Shape(27, 45), type), parts = Tensor.Zeros(new Shape(27, 45), type);
            Kernels.MatMul(a, b, whole);
            for (int k = 0; k < 700; k += 100)
                Kernels.MatMul(a.Slice(1, k, 100), b.Slice(0, k, 100), parts, accumulate: true);
            parts.ToDoubles().ShouldBe(whole.ToDoubles());
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void An_affine_map_is_the_product_and_then_the_sum(int m, int k, int n)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(m, k), type, "x"), weight = Layouts.Dense(new Shape(n, k), type, "w");
            Tensor bias = Layouts.Dense(new Shape(n), type, "b");
            Tensor expected = Tensor.Zeros(new Shape(m, n), type), y = Tensor.Full(new Shape(m, n), double.NaN, type);
            Kernels.MatMul(x, weight.Transpose(), expected);
            Kernels.Affine(x, weight, null, y);
            y.ToDoubles().ShouldBe(expected.ToDoubles());
            Kernels.Add(expected, bias, expected);
            Kernels.Affine(x, weight, bias, y);
            y.ToDoubles().ShouldBe(expected.ToDoubles());
        }
    }

    [Fact]
    public void A_result_may_be_some_columns_of_something_wider()
    {
        Tensor a = Layouts.Dense(new Shape(14, 9), name: "a"), b = Layouts.Dense(new Shape(9, 20), name: "b");
        Tensor alone = Tensor.Zeros(new Shape(14, 20)), wide = Tensor.Full(new Shape(14, 50), 7);
        Kernels.MatMul(a, b, alone);
        Kernels.MatMul(a, b, wide.Slice(1, 11, 20));
        wide.Slice(1, 11, 20).ToDoubles().ShouldBe(alone.ToDoubles());
        wide.Slice(1, 0, 11).ToDoubles().ShouldAllBe(value => value == 7);
        wide.Slice(1, 31, 19).ToDoubles().ShouldAllBe(value => value == 7);
        Should.Throw<InvalidOperationException>(() => Kernels.MatMul(b.Transpose(), a.Transpose(), wide.Slice(1, 0, 20)
            .Slice(0, 0, 14).Transpose())).Message.ShouldContain("not contiguous");
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
        Should.Throw<ArgumentException>(() => Kernels.MatMul(x, x, x, transposeA: true)).Message
            .ShouldContain("the product of [2, 3]ᵀ and [2, 3] does not fit [2, 3]");
        Should.Throw<ArgumentException>(() => Kernels.Affine(x, x.Transpose(), null, x)).Message
            .ShouldContain("expected [n, in] and [out, in]");
        Tensor row = Tensor.Zeros(new Shape(3)), square = Tensor.Zeros(new Shape(2, 2));
        Should.Throw<ArgumentException>(() => Kernels.Affine(x, x, row, square)).Message
            .ShouldContain("expected [out]");
        Should.Throw<ArgumentException>(() => Kernels.Affine(x, x, null, x)).Message
            .ShouldContain("does not fit [2, 3]");
    }
}
