namespace GradFlow.Tensors.Tests;

public sealed class ChannelNormalizationTests
{
    private const double Epsilon = 1e-3;

    public static TheoryData<int, int, int> Sizes => new() { { 2, 3, 1 }, { 3, 2, 5 }, { 1, 4, 35 }, { 5, 1, 16 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Channels_are_normalised_as_the_columns_of_samples_and_places_together(int samples, int channels, int places)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(samples, channels, places), type), y = Tensor.Zeros(x.Shape, type);
            Tensor g = Layouts.Dense(x.Shape, type, "g"), gx = Tensor.Zeros(x.Shape, type);
            Shape perChannel = new(channels);
            Tensor gain = Layouts.Dense(perChannel, type, "gain"), shift = Layouts.Dense(perChannel, type, "shift");
            Tensor[] made = [.. Enumerable.Range(0, 6).Select(_ => Tensor.Zeros(perChannel, type))];
            Kernels.NormalizeChannels(x, gain, shift, Epsilon, y, made[0], made[1]);
            Kernels.NormalizeChannelsBackward(x, made[0], made[1], gain, g, gx, made[2], made[3]);

            Tensor columns = Columns(x), normalized = Tensor.Zeros(columns.Shape, type), back = normalized.Clone();
            Kernels.NormalizeColumns(columns, Epsilon, normalized, made[4], made[5]);
            Tensor scaled = Columns(g), product = normalized.Clone();
            Kernels.Multiply(scaled, normalized, product);
            ShouldAgree(made[2], Summed(product), type);
            ShouldAgree(made[3], Summed(scaled), type);
            Kernels.Multiply(scaled, gain, scaled);
            Kernels.NormalizeColumnsBackward(normalized, made[5], scaled, back);
            ShouldAgree(Columns(gx), back, type);
            Kernels.Multiply(normalized, gain, normalized);
            Kernels.Add(normalized, shift, normalized);
            ShouldAgree(Columns(y), normalized, type);
            ShouldAgree(made[0], made[4], type);
            ShouldAgree(made[1], made[5], type);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        Tensor x = Layouts.Dense(new Shape(4, 9, 37), ElementType.Float32);
        Tensor gain = Tensor.Full(new Shape(9), 1), shift = Tensor.Zeros(new Shape(9));
        double[] Normalized(int threads)
        {
            int before = Workers.Threads;
            Workers.Use(threads);
            Tensor y = Tensor.Zeros(x.Shape), mean = shift.Clone(), inverseStd = shift.Clone();
            Kernels.NormalizeChannels(x, gain, shift, Epsilon, y, mean, inverseStd);
            Workers.Use(before);
            return [.. y.ToDoubles(), .. mean.ToDoubles(), .. inverseStd.ToDoubles()];
        }
        Normalized(2).ShouldBe(Normalized(1));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3, 4)), c = Tensor.Zeros(new Shape(3)), other = Tensor.Zeros(new Shape(4));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(x, c, other, 0, x, c, c));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(x, c, c, 0, c, c, c));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannelsBackward(x, c, c, c, c, x, c, c));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(Tensor.Zeros(new Shape(2, 3)), c, c, 0, x, c, c))
            .Message.ShouldContain("expected [n, channels, …]");
        Should.Throw<ArgumentException>(() => Kernels.NormalizeRms(Tensor.Zeros(new Shape(2, 3)), 0, x, c));
        Should.Throw<ArgumentException>(() => Kernels.RowNorms(x, c));
        Should.Throw<ArgumentException>(() => Kernels.ScaleRows(c, c, c, c)).Message.ShouldContain("expected a weight");
    }

    /// <summary>[n, c, s] as the matrix [n·s, c].</summary>
    private static Tensor Columns(Tensor x) =>
        x.Transpose().Clone().Reshape(new Shape(x.Shape[0] * x.Shape[2], x.Shape[1]));

    private static Tensor Summed(Tensor columns)
    {
        Tensor sum = Tensor.Zeros(new Shape(columns.Shape[1]), columns.ElementType);
        Kernels.SumTo(columns, sum);
        return sum;
    }

    private static void ShouldAgree(Tensor actual, Tensor expected, ElementType type)
    {
        // Sums of up to 80 terms of ordinary size, and σ⁻¹ of at most 32 that enters up to twice.
        double bound = 1000 * 100 * Layouts.Rounding(type);
        actual.ToDoubles().ShouldBe(expected.ToDoubles(), bound);
    }
}
