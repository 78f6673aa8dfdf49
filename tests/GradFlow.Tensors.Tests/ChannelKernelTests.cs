namespace GradFlow.Tensors.Tests;

public sealed class ChannelKernelTests
{
    private const double Epsilon = 1e-3;

    public static TheoryData<int, int, int> Sizes => new() { { 2, 3, 1 }, { 3, 2, 5 }, { 1, 4, 35 }, { 5, 1, 16 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Channels_are_normalised_as_the_columns_of_samples_and_places_together(
        int samples, int channels, int places)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(samples, channels, places), type), y = Tensor.Zeros(x.Shape, type);
            Tensor g = Layouts.Dense(x.Shape, type, "g"), gx = Tensor.Zeros(x.Shape, type);
            Shape perChannel = new(channels);
            Tensor gain = Layouts.Dense(perChannel, type, "gain"), shift = Layouts.Dense(perChannel, type, "shift");
            Tensor[] made = [.. Enumerable.Range(0, 6).Select(_ => Tensor.Zeros(perChannel, type))];
            var norm = new ChannelNorm(made[0], made[1], gain, shift);
            Kernels.MeasureChannels(x, Epsilon, made[0], made[1]);
            Kernels.NormalizeChannels(x, norm, y);
            Kernels.Copy(g, gx);
            Kernels.SumChannels(x, norm, gx, made[2], made[3]);
            Kernels.NormalizeChannelsBackwardInPlace(x, norm, made[2], made[3], gx);

            Tensor columns = Columns(x), normalized = Tensor.Zeros(columns.Shape, type), back = normalized.Clone();
            Kernels.NormalizeColumns(columns, Epsilon, normalized, made[4], made[5]);
            Tensor scaled = Columns(g), product = normalized.Clone();
            Kernels.Multiply(scaled, normalized, product);
            ShouldAgree(made[2], Summed(product), type);
            ShouldAgree(made[3], Summed(scaled), type);
            Kernels.SumChannels(g, made[3]);
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
        Tensor x = Layouts.Dense(new Shape(40, 9, 137), ElementType.Float32), y = Layouts.Dense(x.Shape, name: "y");
        double[] Normalized(int threads)
        {
            int before = Workers.Threads;
            Workers.Use(threads);
            ChannelNorm norm = NormOf(x);
            Tensor into = Tensor.Zeros(x.Shape), g = y.Clone(), gain = norm.Mean.Clone(), shift = norm.Mean.Clone();
            Kernels.RectifyNormalizedChannels(x, norm, y, into);
            Kernels.SumRectifiedChannels(x, norm, into, g, gain, shift);
            Kernels.NormalizeChannelsBackwardInPlace(x, norm, gain, shift, g);
            Workers.Use(before);
            return [.. new[] { into, g, gain, shift, norm.Mean, norm.InverseStd }.SelectMany(t => t.ToDoubles())];
        }
        double[] alone = Normalized(1);
        Normalized(2).ShouldBe(alone);
        Normalized(3).ShouldBe(alone);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rectified_in_one_walk_are_the_bits_of_one_step_after_the_other(int samples, int channels, int places)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(samples, channels, places), type),
                added = Layouts.Dense(x.Shape, type, "a");
            ChannelNorm norm = NormOf(x);
            foreach (Tensor? other in (Tensor?[])[null, added])
            {
                Tensor joined = Tensor.Zeros(x.Shape, type), separate = joined.Clone();
                Kernels.RectifyNormalizedChannels(x, norm, other, joined);
                Kernels.NormalizeChannels(x, norm, separate);
                if (other is not null) Kernels.AddInPlace(separate, other);
                Kernels.Relu(separate, separate);
                joined.ToDoubles().ShouldBe(separate.ToDoubles());
                Tensor[] sums = [.. Enumerable.Range(0, 4).Select(_ => norm.Mean.Clone())];
                Tensor g = Layouts.Dense(x.Shape, type, "g"), masked = g.Clone();
                Kernels.SumRectifiedChannels(x, norm, other is null ? null : joined, g, sums[0], sums[1]);
                Kernels.ReluBackward(separate, masked, masked);
                Kernels.SumChannels(x, norm, masked, sums[2], sums[3]);
                g.ToDoubles().ShouldBe(masked.ToDoubles());
                sums[0].ToDoubles().ShouldBe(sums[2].ToDoubles());
                sums[1].ToDoubles().ShouldBe(sums[3].ToDoubles());
            }
        }
    }

    [Fact]
    public void Channels_far_from_zero_keep_their_variance()
    {
        Tensor x = Tensor.Zeros(new Shape(64, 1, 8));
        for (int i = 0; i < x.Size; i++) x.AsSpan<float>()[i] = 4096 + i % 2;
        NormOf(x, 0).InverseStd[0].ShouldBe(2, 1e-6);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3, 4)), c = Tensor.Zeros(new Shape(3)), other = Tensor.Zeros(new Shape(4));
        ChannelNorm norm = new(c, c, c, c);
        Should.Throw<ArgumentException>(() => Kernels.MeasureChannels(x, 0, c, other));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(x, norm with { Shift = other }, x));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(x, norm, c));
        Should.Throw<ArgumentException>(() => Kernels.SumChannels(x, other));
        Should.Throw<ArgumentException>(() => Kernels.SumRectifiedChannels(x, norm, c, x, c, c));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannelsBackwardInPlace(x, norm, c, c, c));
        Should.Throw<ArgumentException>(() => Kernels.NormalizeChannels(Tensor.Zeros(new Shape(2, 3)), norm, x))
            .Message.ShouldContain("expected [n, channels, …]");
        Should.Throw<ArgumentException>(() => Kernels.NormalizeRms(Tensor.Zeros(new Shape(2, 3)), 0, x, c));
        Should.Throw<ArgumentException>(() => Kernels.RowNorms(x, c));
        Should.Throw<ArgumentException>(() => Kernels.ScaleRows(c, c, c, c)).Message.ShouldContain("expected a weight");
    }

    private static ChannelNorm NormOf(Tensor x, double epsilon = Epsilon)
    {
        Shape perChannel = new(x.Shape[1]);
        Tensor gain = Layouts.Dense(perChannel, x.ElementType, "gain"),
            shift = Layouts.Dense(perChannel, x.ElementType, "shift");
        var norm = new ChannelNorm(gain.Clone(), gain.Clone(), gain, shift);
        Kernels.MeasureChannels(x, epsilon, norm.Mean, norm.InverseStd);
        return norm;
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
