using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class InitializerTests
{
    private const int FanIn = 300, FanOut = 200, Draws = FanIn * FanOut;

    /// <summary>Each random entry with the variance that its paper gives for these fans, and its kurtosis.</summary>
    private static readonly (Initializer Init, double Variance, double Kurtosis)[] Table =
    [
        (Initializers.XavierUniform(), 2.0 / 500, 1.8),
        (Initializers.XavierUniform(3), 9 * 2.0 / 500, 1.8),
        (Initializers.XavierNormal(), 2.0 / 500, 3),
        (Initializers.HeUniform(), 2.0 / 300, 1.8),
        (Initializers.HeNormal(), 2.0 / 300, 3),
        (Initializers.HeNormal(1.5), 2.25 / 300, 3),
        (Initializers.LeCunUniform(), 1.0 / 300, 1.8),
        (Initializers.LeCunNormal(), 1.0 / 300, 3),
        (Initializers.Normal(0.1), 0.01, 3),
        (Initializers.Uniform(0.3), 0.03, 1.8),
        (Initializers.Torch(), 1.0 / 900, 1.8),
        (Initializers.TorchBias(FanIn), 1.0 / 900, 1.8),
    ];

    public static TheoryData<int> Rows { get; } = [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Draws_have_the_stated_moments(int row)
    {
        (Initializer init, double variance, double kurtosis) = Table[row];
        double[] weights = Fill(init, 1).ToDoubles();
        init.Variance(FanIn, FanOut).ShouldBe(variance, variance * 1e-12);
        // Four standard errors of a mean, of a mean square and of a mean fourth power.
        weights.Average().ShouldBe(0, 4 * Math.Sqrt(variance / Draws));
        weights.Average(w => w * w).ShouldBe(variance, 4 * variance * Math.Sqrt((kurtosis - 1) / Draws));
        double eighth = kurtosis == 3 ? 105 : 9;
        (weights.Average(w => w * w * w * w) / (variance * variance))
            .ShouldBe(kurtosis, 4 * Math.Sqrt((eighth - kurtosis * kurtosis) / Draws));
        double bound = Math.Sqrt(3 * variance);
        if (kurtosis < 3) weights.Max(Math.Abs).ShouldBeInRange(0.999 * bound, 1.000001 * bound);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_key_alone_decides_the_draws(int row)
    {
        Initializer init = Table[row].Init;
        Fill(init, 5).ToDoubles().ShouldBe(Fill(init, 5).ToDoubles());
        Fill(init, 5).ToDoubles().ShouldNotBe(Fill(init, 6).ToDoubles());
    }

    [Theory]
    [InlineData(64, 64, 1)]
    [InlineData(40, 64, 1.7)]
    [InlineData(64, 40, 0.5)]
    [InlineData(1, 9, 1)]
    public void Orthogonal_rows_or_columns_are_orthonormal_times_the_gain(int fanOut, int fanIn, double gain)
    {
        Tensor weight = Tensor.Zeros(new Shape(fanOut, fanIn));
        Initializer init = Initializers.Orthogonal(gain);
        init.FillInPlace(weight, new RandomKey(3, "init"));
        ShouldHaveOrthonormalRows(fanOut <= fanIn ? weight : weight.Transpose().Clone(), gain);
        (Kernels.SumOfSquares(weight) / weight.Size).ShouldBe(init.Variance(fanIn, fanOut), 1e-7);
    }

    [Fact]
    public void Orthogonal_matrices_are_uniform_so_their_diagonal_has_no_sign()
    {
        // The trace of a uniform orthogonal matrix has mean 0 and variance 1 (Diaconis & Shahshahani 1994).
        const int Matrices = 400;
        double[] traces = Enumerable.Range(0, Matrices).Select(seed =>
        {
            Tensor w = Tensor.Zeros(new Shape(6, 6));
            Initializers.Orthogonal().FillInPlace(w, new RandomKey(seed, "init"));
            return Enumerable.Range(0, 6).Sum(i => w[i, i]);
        }).ToArray();
        traces.Average().ShouldBe(0, 4 / Math.Sqrt(Matrices));
        traces.Average(t => t * t).ShouldBe(1, 4 * Math.Sqrt(2.0 / Matrices));
    }

    [Fact]
    public void Identity_constant_and_zeros_are_what_they_say()
    {
        Tensor w = Tensor.Full(new Shape(2, 3), 7);
        Initializers.Identity(2).FillInPlace(w, default);
        w.ToDoubles().ShouldBe([2, 0, 0, 0, 2, 0]);
        Initializers.Identity(2).Variance(3, 2).ShouldBe(Kernels.SumOfSquares(w) / w.Size, 1e-12);
        Initializers.Constant(0.5).FillInPlace(w, default);
        w.ToDoubles().ShouldAllBe(value => value == 0.5);
        Initializers.Constant(0.5).Variance(3, 2).ShouldBe(0.25);
        Initializers.Zeros().FillInPlace(w, default);
        w.ToDoubles().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void What_needs_no_fan_fills_a_bias_and_the_others_say_what_they_expect()
    {
        Tensor bias = Tensor.Zeros(new Shape(5));
        Initializer[] without =
            [Initializers.Normal(1), Initializers.Uniform(1), Initializers.TorchBias(4), Initializers.Constant(1)];
        Initializer[] with =
            [Initializers.HeNormal(), Initializers.Orthogonal(), Initializers.Identity(), Initializers.Torch()];
        foreach (Initializer init in without)
        {
            init.FillInPlace(bias, new RandomKey(1, "init"));
            bias.ToDoubles().ShouldAllBe(value => value != 0);
        }
        foreach (Initializer init in with)
            Should.Throw<ArgumentException>(() => init.FillInPlace(bias, default))
                .Message.ShouldContain("cannot fill shape [5]; expected a weight [out, in]");
    }

    [Fact]
    public void A_kernels_fans_count_its_places()
    {
        // [out, in, 3, 5]: fan-in 20·15 and fan-out 8·15, as PyTorch's.
        var shape = new Shape(8, 20, 3, 5);
        (Initializer Init, double Variance)[] table =
        [
            (Initializers.HeNormal(), 2.0 / 300), (Initializers.LeCunUniform(), 1.0 / 300),
            (Initializers.XavierNormal(), 2.0 / 420), (Initializers.Torch(), 1.0 / 900),
        ];
        foreach ((Initializer init, double variance) in table)
        {
            init.Variance(shape).ShouldBe(variance, 1e-12);
            Tensor weight = Tensor.Zeros(shape);
            init.FillInPlace(weight, new RandomKey(1, "init"));
            double standardError = variance * Math.Sqrt(2.0 / weight.Size);
            (Kernels.SumOfSquares(weight) / weight.Size).ShouldBe(variance, 4 * standardError, init.Name);
        }
        Should.Throw<ArgumentException>(() => Initializers.Torch().Variance(new Shape(3)))
            .Message.ShouldContain("expected [out, in] or [out, in, k, …]");
    }

    [Theory]
    [InlineData(6, 4, 3)]
    [InlineData(4, 6, 1)]
    public void An_orthogonal_kernel_is_orthogonal_as_a_matrix_of_all_its_places(int outputs, int inputs, int places)
    {
        Tensor weight = Tensor.Zeros(new Shape(outputs, inputs, places));
        Initializers.Orthogonal(1.5).FillInPlace(weight, new RandomKey(2, "init"));
        ShouldHaveOrthonormalRows(weight.Reshape(new Shape(outputs, inputs * places)), 1.5);
        (Kernels.SumOfSquares(weight) / weight.Size).ShouldBe(
            Initializers.Orthogonal(1.5).Variance(weight.Shape), 1e-7);
    }

    [Fact]
    public void A_delta_orthogonal_kernel_is_an_orthogonal_matrix_at_its_centre_and_nothing_else()
    {
        Tensor weight = Tensor.Full(new Shape(4, 6, 3, 5), 7);
        Initializers.DeltaOrthogonal(1.5).FillInPlace(weight, new RandomKey(2, "init"));
        Tensor centre = weight.Slice(2, 1, 1).Slice(3, 2, 1).Clone().Reshape(new Shape(4, 6));
        ShouldHaveOrthonormalRows(centre, 1.5);
        Kernels.SumOfSquares(weight).ShouldBe(Kernels.SumOfSquares(centre));
        (Kernels.SumOfSquares(weight) / weight.Size)
            .ShouldBe(Initializers.DeltaOrthogonal(1.5).Variance(weight.Shape), 1e-7);
        Tensor matrix = Tensor.Zeros(new Shape(5, 3)), same = Tensor.Zeros(new Shape(5, 3));
        Initializers.DeltaOrthogonal().FillInPlace(matrix, new RandomKey(3, "init"));
        Initializers.Orthogonal().FillInPlace(same, new RandomKey(3, "init"));
        matrix.ToDoubles().ShouldBe(same.ToDoubles());
    }

    [Fact]
    public void The_identity_kernel_passes_every_channel_on()
    {
        Tensor weight = Tensor.Full(new Shape(2, 3, 3), 7);
        Initializers.Identity(2).FillInPlace(weight, default);
        weight.ToDoubles().ShouldBe([0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
        (Kernels.SumOfSquares(weight) / weight.Size).ShouldBe(Initializers.Identity(2).Variance(weight.Shape), 1e-12);
    }

    private static void ShouldHaveOrthonormalRows(Tensor weight, double gain)
    {
        Tensor w = weight.Clone(ElementType.Float64), products = Tensor.Zeros(
            new Shape(w.Shape[0], w.Shape[0]), ElementType.Float64);
        if (w.Shape[0] > w.Shape[1]) throw new ArgumentException("has more rows than columns", nameof(weight));
        Kernels.MatMul(w, w.Transpose(), products);
        for (int i = 0; i < products.Shape[0]; i++)
            for (int j = 0; j < products.Shape[0]; j++) products[i, j].ShouldBe(i == j ? gain * gain : 0, 1e-6);
    }

    [Fact]
    public void Names_are_those_of_the_experiment_file() => new[]
    {
        Initializers.XavierUniform(), Initializers.XavierNormal(), Initializers.HeUniform(), Initializers.HeNormal(),
        Initializers.LeCunUniform(), Initializers.LeCunNormal(), Initializers.Orthogonal(),
        Initializers.DeltaOrthogonal(), Initializers.Identity(),
        Initializers.Normal(1), Initializers.Uniform(1), Initializers.Constant(1), Initializers.Zeros(),
        Initializers.Torch(),
    }.Select(init => init.Name).ShouldBe(
    [
        "xavier-uniform", "xavier-normal", "he-uniform", "he-normal", "lecun-uniform", "lecun-normal", "orthogonal",
        "delta-orthogonal", "identity", "normal", "uniform", "constant", "zeros", "torch",
    ]);

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Initializers.Normal(-1))
            .Message.ShouldContain("std is -1; expected");
        Should.Throw<ArgumentOutOfRangeException>(() => Initializers.Uniform(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => Initializers.HeNormal(double.PositiveInfinity));
        Should.Throw<ArgumentOutOfRangeException>(() => Initializers.TorchBias(0));
        Should.Throw<ArgumentOutOfRangeException>(() => Initializers.HeNormal().Variance(0, 1));
    }

    private static Tensor Fill(Initializer init, long seed)
    {
        Tensor weight = Tensor.Zeros(new Shape(FanOut, FanIn));
        init.FillInPlace(weight, new RandomKey(seed, "init", "3.linear.weight"));
        return weight;
    }
}
