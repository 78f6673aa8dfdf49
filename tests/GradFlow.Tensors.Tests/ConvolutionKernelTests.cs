namespace GradFlow.Tensors.Tests;

public sealed class ConvolutionKernelTests
{
    /// <summary>Sizes, strides, paddings and dilations that windows of both dimensions are made of.</summary>
    private static readonly Window[] Windows =
    [
        new(1), new(3, Padding: 1), new(2, 2), new(3, 2, 1, 2), new(4, 3, 5), new(2, 3, 0, 4), new(1, 2, 1),
    ];

    public static TheoryData<int, int, int, bool> Settings => new()
    {
        { 1, 1, 1, false }, { 3, 9, 1, false }, { 2, 5, 1, true }, { 4, 6, 2, false }, { 17, 3, 1, false },
        { 3, 3, 3, true },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Convolutions_agree_with_a_naive_loop(int inputs, int outputs, int groups, bool isCircular)
    {
        foreach (ElementType type in Layouts.Types)
        {
            for (int i = 0; i < 2 * Windows.Length; i++)
            {
                (Window rows, Window columns) = (Windows[i % Windows.Length], Windows[i * 3 % Windows.Length]);
                var how = new Convolution(rows, columns, groups, isCircular);
                Tensor x = Layouts.Dense(new Shape(2, inputs, 6, 7), type, "x");
                Tensor weight = Layouts.Dense(new Shape(outputs, inputs / groups, rows.Size, columns.Size), type, "w");
                Tensor bias = Layouts.Dense(new Shape(outputs), type, "b");
                ShouldAgree(x, weight, bias, how);
            }
        }
    }

    [Fact]
    public void Large_images_and_many_channels_agree_with_a_naive_loop()
    {
        var how = new Convolution(new Window(3, Padding: 1), new Window(3, Padding: 1));
        Tensor x = Layouts.Dense(new Shape(3, 20, 28, 29), ElementType.Float64, "x");
        ShouldAgree(
            x, Layouts.Dense(new Shape(18, 20, 3, 3), ElementType.Float64, "w"),
            Layouts.Dense(new Shape(18), ElementType.Float64, "b"), how);
    }

    [Fact]
    public void Images_rectified_on_the_way_give_the_bits_of_those_that_are_there()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach (Window window in Windows.Where(window => window.Stride == 1))
            {
                var how = new Convolution(window, window);
                Tensor x = Layouts.Dense(new Shape(3, 4, 6, 11), type, "x"), images = Tensor.Zeros(x.Shape, type);
                ChannelNorm norm = new(Of("mean"), Of("std"), Of("gain"), Of("shift"));
                Kernels.RectifyNormalizedChannels(x, norm, null, images);
                Tensor weight = Layouts.Dense(new Shape(5, 4, window.Size, window.Size), type, "w");
                Tensor y = Tensor.Zeros(how.ShapeOf(x.Shape, weight.Shape), type), other = y.Clone();
                Tensor gx = x.Clone(), gw = weight.Clone(), otherX = x.Clone(), otherW = weight.Clone();
                Kernels.Convolve(x, weight, null, how, y, norm);
                Kernels.ConvolveBackward(x, weight, how, y, gx, gw, norm);
                Kernels.Convolve(images, weight, null, how, other);
                Kernels.ConvolveBackward(images, weight, how, other, otherX, otherW);
                y.ToDoubles().ShouldBe(other.ToDoubles());
                gx.ToDoubles().ShouldBe(otherX.ToDoubles());
                gw.ToDoubles().ShouldBe(otherW.ToDoubles());
            }
            Tensor Of(string name) => Layouts.Dense(new Shape(4), type, name);
        }
        Tensor some = Tensor.Zeros(new Shape(1, 1, 4, 4)), c = Tensor.Zeros(new Shape(1));
        var strided = new Convolution(new Window(2, 2), new Window(2, 2));
        Should.Throw<ArgumentException>(() => Kernels.Convolve(
            some, Tensor.Zeros(new Shape(1, 1, 2, 2)), null, strided, Tensor.Zeros(new Shape(1, 1, 2, 2)),
            new(c, c, c, c)))
            .Message.ShouldContain("expected strides of 1");
    }

    [Fact]
    public void Bits_are_the_same_at_any_number_of_threads()
    {
        int threads = Workers.Threads;
        try
        {
            double[][] Run(int count)
            {
                Workers.Use(count);
                var how = new Convolution(new Window(3, Padding: 1), new Window(3, Padding: 1));
                Tensor x = Layouts.Dense(new Shape(21, 8, 15, 14), name: "x");
                Tensor weight = Layouts.Dense(new Shape(11, 8, 3, 3), name: "w"),
                    y = Tensor.Zeros(new Shape(21, 11, 15, 14));
                Tensor gx = Tensor.Zeros(x.Shape), gw = Tensor.Zeros(weight.Shape);
                Kernels.Convolve(x, weight, null, how, y);
                Kernels.ConvolveBackward(x, weight, how, y, gx, gw);
                return [y.ToDoubles(), gx.ToDoubles(), gw.ToDoubles()];
            }
            double[][] alone = Run(1), shared = Run(2);
            for (int i = 0; i < alone.Length; i++) shared[i].ShouldBe(alone[i]);
        }
        finally
        {
            Workers.Use(threads);
        }
    }

    [Fact]
    public void NaN_reaches_only_the_positions_that_meet_it()
    {
        var how = new Convolution(new Window(3, Padding: 1), new Window(3, Padding: 1));
        Tensor x = Layouts.Dense(new Shape(1, 2, 6, 6), name: "x"), y = Tensor.Zeros(new Shape(1, 1, 6, 6));
        x[0, 1, 0, 5] = double.NaN;
        Kernels.Convolve(x, Layouts.Dense(new Shape(1, 2, 3, 3), name: "w"), null, how, y);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++) double.IsNaN(y[0, 0, i, j]).ShouldBe(i <= 1 && j >= 4, $"{i}, {j}");
    }

    [Fact]
    public void A_window_says_where_it_does_not_fit()
    {
        Should.Throw<ArgumentException>(() => new Window(5).PositionsAlong(4))
            .Message.ShouldBe("a window of 5 does not fit into 4 entries; expected a smaller window or more padding");
        Should.Throw<ArgumentException>(() => new Window(3, Stride: 0).PositionsAlong(4)).Message.ShouldContain(
            "stride 0");
        new Window(3, 2, 1).PositionsAlong(28).ShouldBe(14);
        new Window(3, 1, 2, 2).PositionsAlong(7).ShouldBe(7);
        var how = new Convolution(Window.Single, new Window(3, Padding: 4), isCircular: true);
        Should.Throw<ArgumentException>(() => how.ShapeOf(new Shape(1, 1, 1, 3), new Shape(1, 1, 1, 3)))
            .Message.ShouldContain("at most one turn");
        Should.Throw<ArgumentException>(() => how.ShapeOf(new Shape(1, 2, 1, 9), new Shape(1, 1, 1, 3)))
            .Message.ShouldContain("input [1, 2, 1, 9] does not fit weight [1, 1, 1, 3]");
    }

    /// <summary>
    /// The result and, with it as the cotangent, both ways back, each within the rounding of its sum.
    /// </summary>
    private static void ShouldAgree(Tensor x, Tensor weight, Tensor bias, Convolution how)
    {
        Shape shape = how.ShapeOf(x.Shape, weight.Shape);
        Tensor y = Tensor.Full(shape, double.NaN, x.ElementType), gx = Tensor.Full(x.Shape, double.NaN, x.ElementType);
        Tensor gw = Tensor.Full(weight.Shape, double.NaN, x.ElementType), g = Layouts.Dense(shape, x.ElementType, "g");
        Kernels.Convolve(x, weight, bias, how, y);
        Kernels.ConvolveBackward(x, weight, how, g, gx, gw);
        Sum ySum = new(y), xSum = new(gx), wSum = new(gw);
        int perGroup = weight.Shape[0] / how.Groups;
        for (int o = 0; o < shape[1]; o++)
            for (int n = 0; n < shape[0]; n++)
                for (int i = 0; i < shape[2]; i++)
                    for (int j = 0; j < shape[3]; j++)
                    {
                        ySum.Add(bias[o], [n, o, i, j]);
                        for (int c = 0; c < weight.Shape[1]; c++)
                            for (int u = 0; u < weight.Shape[2]; u++)
                                for (int v = 0; v < weight.Shape[3]; v++)
                                {
                                    int channel = o / perGroup * weight.Shape[1] + c;
                                    if (Met(how.Rows, i, u, x.Shape[2], how.IsCircular) is not { } row) continue;
                                    if (Met(how.Columns, j, v, x.Shape[3], how.IsCircular) is not { } column) continue;
                                    ySum.Add(weight[o, c, u, v] * x[n, channel, row, column], [n, o, i, j]);
                                    xSum.Add(weight[o, c, u, v] * g[n, o, i, j], [n, channel, row, column]);
                                    wSum.Add(x[n, channel, row, column] * g[n, o, i, j], [o, c, u, v]);
                                }
                    }
        foreach (Sum sum in (Sum[])[ySum, xSum, wSum]) sum.ShouldBeMet($"{how.Rows} and {how.Columns} over {x}");
    }

    private static int? Met(Window window, int position, int entry, int extent, bool isCircular)
    {
        int at = position * window.Stride + entry * window.Dilation - window.Padding;
        if (isCircular) return (at + 4 * extent) % extent;
        return at >= 0 && at < extent ? at : null;
    }

    /// <summary>
    /// Sums beside a tensor that should hold them; as many roundings as terms are bounded by Σ|x| (Higham 2002, eq.
    /// 3.5).
    /// </summary>
    private sealed class Sum(Tensor actual)
    {
        private readonly Tensor _sums = Tensor.Zeros(actual.Shape, ElementType.Float64);
        private readonly Tensor _magnitudes = Tensor.Zeros(actual.Shape, ElementType.Float64);
        private readonly Tensor _terms = Tensor.Zeros(actual.Shape, ElementType.Float64);

        public void Add(double x, int[] at)
        {
            _sums[at] += x;
            _magnitudes[at] += Math.Abs(x);
            _terms[at]++;
        }

        public void ShouldBeMet(string what)
        {
            double[] found = actual.ToDoubles(), sums = _sums.ToDoubles(), magnitudes = _magnitudes.ToDoubles(),
            terms = _terms.ToDoubles();
            for (int i = 0; i < found.Length; i++)
            {
                double bound = (terms[i] + 2) * 2 * Layouts.Rounding(actual.ElementType) * magnitudes[i];
                found[i].ShouldBe(sums[i], bound + double.Epsilon, what);
            }
        }
    }
}
