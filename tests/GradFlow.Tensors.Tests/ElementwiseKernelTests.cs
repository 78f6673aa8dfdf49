namespace GradFlow.Tensors.Tests;

public sealed class ElementwiseKernelTests
{
    private sealed record Binary(
        Action<Tensor, Tensor, Tensor> Kernel, Func<double, double, double> Naive, int Roundings);

    private sealed record Unary(Action<Tensor, Tensor> Kernel, Func<double, double> Naive);

    /// <summary>
    /// + − · / are rounded once, so float32 results are the float64 ones rounded; the others take more steps.
    /// </summary>
    private static readonly Dictionary<string, Binary> Binaries = new()
    {
        ["add"] = new(Kernels.Add, (a, b) => a + b, 0),
        ["subtract"] = new(Kernels.Subtract, (a, b) => a - b, 0),
        ["multiply"] = new(Kernels.Multiply, (a, b) => a * b, 0),
        ["divide"] = new(Kernels.Divide, (a, b) => a / b, 0),
        ["sigmoid-backward"] = new(Kernels.SigmoidBackward, (y, g) => g * y * (1 - y), 4),
        ["tanh-backward"] = new(Kernels.TanhBackward, (y, g) => g * (1 - y * y), 4),
        ["relu-backward"] = new(Kernels.ReluBackward, (x, g) => x > 0 ? g : 0, 0),
        ["rectifier-slope"] = new(Kernels.RectifierSlope, (x, a) => x > 0 ? 1 : a, 0),
        ["negative-product"] = new(Kernels.NegativeProduct, (x, g) => x > 0 ? 0 : x * g, 0),
    };

    private static readonly Dictionary<string, Unary> Unaries = new()
    {
        ["sigmoid"] = new(Kernels.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ["tanh"] = new(Kernels.Tanh, Math.Tanh),
        ["exp"] = new(Kernels.Exp, Math.Exp),
        ["log"] = new(Kernels.Log, Math.Log),
        ["sqrt"] = new(Kernels.Sqrt, Math.Sqrt),
        ["sin"] = new(Kernels.Sin, Math.Sin),
        ["cos"] = new(Kernels.Cos, Math.Cos),
        ["relu"] = new(Kernels.Relu, x => Math.Max(x, 0)),
        ["leaky-relu"] = new((x, y) => Kernels.LeakyRelu(x, 0.25, y), x => x > 0 ? x : 0.25 * x),
        ["gelu"] = new(Kernels.Gelu, Erf.Gelu),
        ["scale"] = new((x, y) => Kernels.Scale(x, 0.75, y), x => 0.75 * x),
        ["leaky-relu-backward"] = new((x, y) => Kernels.LeakyReluBackward(x, 0.25, x, y), x => x > 0 ? x : 0.25 * x),
        ["gelu-backward"] = new((x, y) => Kernels.GeluBackward(x, x, y), x => x * Erf.GeluSlope(x)),
        ["elu"] = new((x, y) => Kernels.Elu(x, 1.5, 0.75, y), x => 0.75 * (x > 0 ? x : 1.5 * Naive.ExpMinusOne(x))),
        ["elu-backward"] = new(
            (x, y) => Kernels.EluBackward(x, 1.5, 0.75, x, y), x => 0.75 * x * (x > 0 ? 1 : 1.5 * Math.Exp(x))),
        ["silu"] = new(Kernels.Silu, x => x * Naive.Logistic(x)),
        ["silu-backward"] = new((x, y) => Kernels.SiluBackward(x, x, y), x => x * Naive.SiluSlope(x)),
        ["gelu-tanh"] = new(Kernels.GeluTanh, x => x * Naive.Logistic(Naive.TwiceGeluArgument(x))),
        ["gelu-tanh-backward"] = new((x, y) => Kernels.GeluTanhBackward(x, x, y), x => x * Naive.GeluTanhSlope(x)),
        ["softplus"] = new((x, y) => Kernels.Softplus(x, 2, y), x => Naive.Softplus(2 * x) / 2),
        ["softplus-backward"] = new((x, y) => Kernels.SoftplusBackward(x, 2, x, y), x => x * Naive.Logistic(2 * x)),
        ["softsign"] = new(Kernels.Softsign, x => x / (1 + Math.Abs(x))),
        ["softsign-backward"] = new((x, y) => Kernels.SoftsignBackward(x, x, y), x => x / Math.Pow(1 + Math.Abs(x), 2)),
        ["hard-tanh"] = new((x, y) => Kernels.HardTanh(x, -0.75, 0.5, y), x => Math.Clamp(x, -0.75, 0.5)),
        ["hard-tanh-backward"] = new(
            (x, y) => Kernels.HardTanhBackward(x, -0.75, 0.5, x, y), x => x is > -0.75 and < 0.5 ? x : 0),
    };

    public static TheoryData<string> BinaryNames => [.. Binaries.Keys];

    public static TheoryData<string> UnaryNames => [.. Unaries.Keys];

    private static readonly (int[] A, int[] B)[] Shapes =
    [
        ([], []), ([1], []), ([19], [19]), ([19], [1]), ([], [5]), ([4, 17], [17]), ([4, 17], [4, 1]),
        ([4, 1], [1, 17]), ([1, 1], [3, 2]), ([2, 3, 9], [3, 1]), ([2, 1, 9], [3, 9]), ([0, 3], [3]), ([3, 0], [1]),
        ([2, 3, 1], [2, 3, 1]),
    ];

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void Pairs_agree_with_a_naive_loop_over_all_layouts(string name)
    {
        Binary op = Binaries[name];
        foreach (ElementType type in Layouts.Types)
        {
            foreach ((int[] first, int[] second) in Shapes)
            {
                foreach ((string aLayout, Tensor a) in Layouts.All(new Shape(first), type, "a"))
                {
                    foreach ((string bLayout, Tensor b) in Layouts.All(new Shape(second), type, "b"))
                        ShouldAgree(op, a, b, $"{name} of {aLayout} {a} and {bLayout} {b}");
                }
            }
        }
    }

    private static void ShouldAgree(Binary op, Tensor a, Tensor b, string what)
    {
        Tensor result = Tensor.Full(Shape.Broadcast(a.Shape, b.Shape), double.NaN, a.ElementType);
        op.Kernel(a, b, result);
        foreach (int[] index in Layouts.Indices(result.Shape))
        {
            double x = Layouts.At(a, index), y = Layouts.At(b, index), expected = op.Naive(x, y);
            if (op.Roundings == 0) result[index].ShouldBe(Rounded(expected, a.ElementType), what);
            // Each step rounds something no larger than (1+x²)(1+|y|).
            else result[index].ShouldBe(
                expected, op.Roundings * Layouts.Rounding(a.ElementType) * (1 + x * x) * (1 + Math.Abs(y)), what);
        }
    }

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Single_elements_agree_with_a_naive_loop_at_every_length(string name)
    {
        Unary op = Unaries[name];
        foreach (ElementType type in Layouts.Types)
        {
            foreach (int length in Enumerable.Range(0, 40).Append(1000))
            {
                // A stretch at an offset: dense, though not at the start of its storage.
                Tensor x = Layouts.Dense(new Shape(length + 3), type).Slice(0, 3, length);
                if (name is "log" or "sqrt") Kernels.Multiply(x, x, x);
                Tensor y = Tensor.Full(new Shape(length), double.NaN, type);
                op.Kernel(x, y);
                // The vector versions are good to about two units in the last place.
                for (int i = 0; i < length; i++)
                    y[i].ShouldBe(op.Naive(x[i]), 8 * Layouts.Rounding(type) * (1 + Math.Abs(op.Naive(x[i]))), name);
                op.Kernel(x, x);
                FirstDifference(x, y).ShouldBe(-1, $"{name} of {length} in place");
            }
        }
    }

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Single_element_kernels_refuse_strided_views_and_wrong_shapes(string name)
    {
        Tensor x = Layouts.Dense(new Shape(3, 4));
        Should.Throw<InvalidOperationException>(
            () => Unaries[name].Kernel(x.Transpose(), x.Transpose().Clone())).Message
            .ShouldContain("Clone()");
        Should.Throw<ArgumentException>(() => Unaries[name].Kernel(x, Tensor.Zeros(new Shape(12))));
        Should.Throw<ArgumentException>(() => Unaries[name].Kernel(x, Tensor.Zeros(x.Shape, ElementType.Float64)));
        Should.Throw<ArgumentNullException>(() => Unaries[name].Kernel(null!, x));
        Should.Throw<ArgumentNullException>(() => Unaries[name].Kernel(x, null!));
    }

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void Pair_kernels_refuse_wrong_shapes_and_types(string name)
    {
        Tensor x = Layouts.Dense(new Shape(3, 4)), twofold = Layouts.Dense(new Shape(3, 4), ElementType.Float64);
        Action<Tensor, Tensor, Tensor> kernel = Binaries[name].Kernel;
        Should.Throw<ArgumentException>(() => kernel(x, twofold, x));
        Should.Throw<ArgumentException>(() => kernel(x, x, twofold));
        Should.Throw<ArgumentException>(() => kernel(x, Tensor.Zeros(new Shape(3)), x));
        Should.Throw<ArgumentException>(() => kernel(x, x, Tensor.Zeros(new Shape(4))));
        Should.Throw<ArgumentNullException>(() => kernel(null!, x, x));
        Should.Throw<InvalidOperationException>(() => kernel(x.Clone().Transpose(), x.Transpose(), x.Transpose()));
    }

    [Fact]
    public void Either_operand_may_be_the_destination()
    {
        foreach (Binary op in Binaries.Values)
        {
            Tensor a = Layouts.Dense(new Shape(5, 7), name: "a"), b = Layouts.Dense(new Shape(5, 7), name: "b");
            Tensor expected = Tensor.Zeros(a.Shape), aToo = a.Clone(), bToo = b.Clone();
            op.Kernel(a, b, expected);
            op.Kernel(aToo, b, aToo);
            op.Kernel(a, bToo, bToo);
            aToo.ToDoubles().ShouldBe(expected.ToDoubles());
            bToo.ToDoubles().ShouldBe(expected.ToDoubles());
        }
        Tensor x = Layouts.Dense(new Shape(9)), g = Layouts.Dense(new Shape(9), name: "g"),
            into = Tensor.Zeros(x.Shape);
        Kernels.GeluBackward(x, g, into);
        Kernels.GeluBackward(x, g, g);
        g.ToDoubles().ShouldBe(into.ToDoubles());
    }

    [Fact]
    public void NaN_and_infinity_pass_through_the_rectifiers()
    {
        double[] numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1];
        foreach (ElementType type in Layouts.Types)
        {
            // Once in a vector and once in the rest behind the last whole one.
            foreach (int lead in new[] { 0, 11 })
            {
                Tensor x = Tensor.From([.. Enumerable.Repeat(1.0, lead), .. numbers]).Clone(type);
                Tensor y = Tensor.Zeros(x.Shape, type), g = Tensor.Full(x.Shape, 3, type);
                Kernels.Relu(x, y);
                y.ToDoubles()[lead..].ShouldBe([double.NaN, double.PositiveInfinity, 0, 0, 1]);
                Kernels.LeakyRelu(x, 0.5, y);
                y.ToDoubles()[lead..].ShouldBe([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 1]);
                Kernels.ReluBackward(x, g, y);
                y.ToDoubles()[lead..].ShouldBe([3, 3, 0, 0, 3]);
                Kernels.LeakyReluBackward(x, 0.5, g, y);
                y.ToDoubles()[lead..].ShouldBe([1.5, 3, 1.5, 1.5, 3]);
            }
        }
    }

    [Fact]
    public void Adding_in_place_broadcasts_the_second_operand()
    {
        Tensor a = Layouts.Dense(new Shape(2, 3)), before = a.Clone();
        Kernels.AddInPlace(a, Tensor.From([1f, 2f, 3f]));
        foreach (int[] index in Layouts.Indices(a.Shape)) a[index].ShouldBe((float)(before[index] + index[1] + 1));
        Should.Throw<ArgumentException>(() => Kernels.AddInPlace(Tensor.Zeros(new Shape(3)), a));
    }

    [Fact]
    public void Adding_a_multiple_in_place_agrees_with_a_naive_loop()
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor a = Layouts.Dense(new Shape(3, 7), type, "a"), b = Layouts.Dense(new Shape(3, 7), type, "b"),
                before = a.Clone();
            Kernels.AddScaledInPlace(a, -0.375, b);
            foreach (int[] index in Layouts.Indices(a.Shape))
                a[index].ShouldBe(before[index] - 0.375 * b[index],
                    4 * Layouts.Rounding(type) * (1 + Math.Abs(before[index]) + Math.Abs(b[index])));
        }
    }

    [Fact]
    public void Scaling_by_a_power_of_two_is_exact_at_any_exponent()
    {
        foreach (ElementType type in Layouts.Types)
        {
            (int lowest, int highest) = type == ElementType.Float32 ? (-149, 127) : (-1074, 1023);
            Tensor x = Tensor.From([1.0, -1.5]).Clone(type);
            foreach (int exponent in new[] { 0, 1, -7, lowest, highest, highest - lowest, int.MaxValue, -int.MaxValue })
            {
                Tensor y = x.Clone();
                Kernels.ScaleByPowerOfTwoInPlace(y, exponent);
                y[0].ShouldBe(exponent > highest ? double.PositiveInfinity : Math.ScaleB(1, Math.Max(exponent, -2000)));
                // Back from the far end of the range.
                Tensor z = Tensor.Full(new Shape(1), Math.ScaleB(1, lowest), type);
                Kernels.ScaleByPowerOfTwoInPlace(z, highest - lowest);
                z[0].ShouldBe(Math.ScaleB(1, highest));
            }
        }
    }

    /// <summary>What dies out over many layers must not end in noise or zeros before the format does.</summary>
    [Theory]
    [InlineData("tanh")]
    [InlineData("sin")]
    [InlineData("gelu")]
    [InlineData("leaky-relu")]
    [InlineData("elu")]
    [InlineData("elu-backward")]
    [InlineData("silu")]
    [InlineData("gelu-tanh")]
    [InlineData("softsign")]
    [InlineData("hard-tanh")]
    public void Small_signals_keep_their_relative_precision(string name)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Tensor.From(
                [.. Enumerable.Range(0, 600).Select(i => Math.Pow(10, -i / 20.0) * (i % 2 == 0 ? 1 : -1))]).Clone(type);
            Tensor y = Tensor.Zeros(x.Shape, type);
            Unaries[name].Kernel(x, y);
            for (int i = 0; i < x.Size; i++)
            {
                double expected = Unaries[name].Naive(x[i]);
                y[i].ShouldBe(expected, 8 * Layouts.Rounding(type) * Math.Abs(expected));
            }
        }
    }

    /// <summary>Where an array happens to lie in memory must not change a result.</summary>
    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Results_have_the_same_bits_wherever_the_numbers_lie(string name)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(3000), type), room = Tensor.Zeros(new Shape(3032), type);
            if (name is "log" or "sqrt") Kernels.Multiply(x, x, x);
            Tensor first = Tensor.Zeros(x.Shape, type);
            Unaries[name].Kernel(x, first);
            for (int offset = 0; offset < 32; offset++)
            {
                Tensor y = room.Slice(0, offset, x.Size);
                Kernels.Copy(x, y);
                Unaries[name].Kernel(y, y);
                FirstDifference(y, first).ShouldBe(-1, $"{name}, {type}, offset {offset}");
            }
        }
    }

    private static int FirstDifference(Tensor a, Tensor b)
    {
        double[] left = a.ToDoubles(), right = b.ToDoubles();
        return Array.FindIndex(Enumerable.Range(0, left.Length).ToArray(), i => !left[i].Equals(right[i]));
    }

    private static double Rounded(double value, ElementType type) => type == ElementType.Float32 ? (float)value : value;
}
