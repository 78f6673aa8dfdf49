using GradFlow.Tensors;
using GradFlow.TestKit;

namespace GradFlow.Autograd.Tests;

/// <summary>Fused attention against weights that are written out.</summary>
public sealed class AttentionTests
{
    private const int Features = 6;

    [Theory]
    [InlineData(ElementType.Float64, 1e-13)]
    [InlineData(ElementType.Float32, 1e-5)]
    public void Outputs_and_entropies_are_those_of_weights_written_out(ElementType type, double bound)
    {
        foreach ((AttentionSettings settings, int[] extents) in AttentionRows.Cases)
        {
            using var tape = new Tape();
            Variable Draw(string name, int steps) =>
                tape.Input(Draws.Normal(name, type, 1.5, extents[0], steps, Features));
            Variable q = Draw("q", extents[1]), k = Draw("k", extents[2]), v = Draw("v", extents[2]);
            Variable y = Ops.Attention(q, k, v, settings);
            double[][][][] weights = Weights(settings, q.Value, k.Value);
            y.Value.ToDoubles().ShouldBe(Apply(weights, v.Value), bound, $"{settings} of {y.Shape}");
            AttentionEntropy[] entropies = y.Attention.ShouldNotBeNull().Entropies();
            for (int head = 0; head < settings.Heads; head++)
            {
                (double nats, double share) = Entropy(weights.SelectMany(sample => sample[head]));
                ShouldBeNear(entropies[head].Nats, nats, 10 * bound);
                ShouldBeNear(entropies[head].Share, share, 10 * bound);
            }
        }
    }

    [Fact]
    public void Equal_keys_have_the_largest_entropy_and_one_that_stands_out_has_none()
    {
        using var tape = new Tape();
        Tensor keys = Tensor.Zeros(new Shape(1, 8, 2));
        Variable q = tape.Input(Tensor.Full(new Shape(1, 8, 2), 1)), k = tape.Input(keys), v = tape.Input(keys.Clone());
        Ops.Attention(q, k, v, new AttentionSettings(1)).Attention!.Entropies()
            .ShouldBe([new AttentionEntropy(Math.Log(8), 1)]);
        keys[0, 3, 0] = 1e4f;
        Ops.Attention(q, k, v, new AttentionSettings(1)).Attention!.Entropies()[0].Nats.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Entropies_of_the_first_samples_are_those_of_a_smaller_batch()
    {
        using var tape = new Tape();
        Tensor x = Draws.Twofold("x", 3, 5, 3 * Features);
        var settings = new AttentionSettings(2) { KeyLengths = new[] { 4, 5, 2 } };
        Attention all = Ops.Attention(tape.Input(x), settings).Attention!;
        Attention first = Ops.Attention(
            tape.Input(x.Slice(0, 0, 2).Clone()), settings with { KeyLengths = new[] { 4, 5 } }).Attention!;
        all.Entropies(mostSamples: 2).ShouldBe(first.Entropies());
        all.Entropies(mostSamples: 9).ShouldBe(all.Entropies());
        Should.Throw<ArgumentOutOfRangeException>(() => all.Entropies(mostSamples: 0));
    }

    [Fact]
    public void Padding_may_hold_anything()
    {
        using var tape = new Tape();
        Tensor x = Draws.Twofold("x", 2, 5, 3 * Features), dirty = x.Clone();
        Kernels.FillInPlace(dirty.Slice(0, 1, 1).Slice(1, 3, 2), double.NaN);
        foreach (AttentionKind kind in Enum.GetValues<AttentionKind>())
        {
            var settings = new AttentionSettings(2, kind) { KeyLengths = new[] { 5, 3 } };
            Tensor Of(Tensor packed) => Ops.Attention(tape.Input(packed), settings).Value;
            Of(dirty).Slice(0, 1, 1).Slice(1, 0, 3).Clone().ToDoubles()
                .ShouldBe(Of(x).Slice(0, 1, 1).Slice(1, 0, 3).Clone().ToDoubles());
        }
    }

    /// <summary>Scores of ±10⁴ leave the range of e^s, weights of e^(s − largest) don't.</summary>
    [Fact]
    public void Large_scores_neither_overflow_nor_turn_into_NaN()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Normal("x", ElementType.Float32, 100, 2, 70, 3 * Features));
        Variable y = Ops.Attention(x, new AttentionSettings(1));
        Kernels.CountNonFinite(y.Value).ShouldBe(0);
        Tensor gradient = tape.Gradients(y, [x], Draws.Single("g", 2, 70, Features))[0]!;
        Kernels.CountNonFinite(gradient).ShouldBe(0);
    }

    [Theory]
    [InlineData(AttentionKind.Softmax)]
    [InlineData(AttentionKind.Linear)]
    public void Bits_are_the_same_on_one_thread_and_on_two(AttentionKind kind)
    {
        double[] Run(int threads)
        {
            int before = Workers.Threads;
            Workers.Use(threads);
            try
            {
                using var tape = new Tape();
                Variable x = tape.Input(Draws.Single("x", 3, 131, 3 * Features));
                Variable y = Ops.Attention(x, new AttentionSettings(3, kind, IsCausal: true));
                Tensor gradient = tape.Gradients(y, [x], Draws.Single("g", 3, 131, Features))[0]!;
                return [.. y.Value.ToDoubles(), .. gradient.ToDoubles()];
            }
            finally
            {
                Workers.Use(before);
            }
        }
        Run(2).ShouldBe(Run(1));
    }

    [Theory]
    [InlineData(AttentionKind.Softmax)]
    [InlineData(AttentionKind.Linear)]
    public void A_cotangent_of_any_size_comes_back_to_its_own_scale(AttentionKind kind)
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Single("x", 2, 9, 3 * Features));
        Variable y = Ops.Attention(x, new AttentionSettings(2, kind)), tiny = y;
        for (int i = 0; i < 10; i++) tiny = Ops.Scale(tiny, 1e-30);
        Tensor g = Draws.Single("g", 2, 9, Features);
        double plain = tape.Log10GradientNorms(y, [x], g)[0];
        tape.Log10GradientNorms(tiny, [x], g)[0].ShouldBe(plain - 300, 1e-4);
    }

    /// <summary>A pool that holds all scores of a head would grow by four when the sequence doubles.</summary>
    [Theory]
    [InlineData(AttentionKind.Softmax)]
    [InlineData(AttentionKind.Linear)]
    public void Memory_is_linear_in_the_length(AttentionKind kind)
    {
        long Bytes(int steps)
        {
            var pool = new TensorPool();
            using var tape = new Tape(pool);
            Variable x = tape.Input(Draws.Single("x", 1, steps, 3 * Features));
            tape.Backward(Ops.Attention(x, new AttentionSettings(2, kind)), Draws.Single("g", 1, steps, Features));
            return pool.AllocatedBytes;
        }
        Bytes(1024).ShouldBe(4 * Bytes(256));
    }

    [Theory]
    [InlineData(AttentionKind.Softmax)]
    [InlineData(AttentionKind.Linear)]
    public void A_step_allocates_no_more_for_longer_sequences(AttentionKind kind)
    {
        long BytesPerStep(int samples, int steps)
        {
            var pool = new TensorPool();
            Tensor x = Draws.Single("x", samples, steps, 3 * Features), g = Draws.Single("g", samples, steps, Features);
            return SteadyAllocations.PerStep(() =>
            {
                using var tape = new Tape(pool);
                tape.Backward(Ops.Attention(tape.Input(x), new AttentionSettings(2, kind)), g);
            });
        }
        (BytesPerStep(5, 200) - BytesPerStep(1, 3)).ShouldBeLessThan(1024);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Twofold("x", 2, 4, 6)), longer = tape.Input(Draws.Twofold("y", 2, 5, 6));
        string Message(AttentionSettings settings, Variable? key = null) => Should.Throw<ArgumentException>(
            () => Ops.Attention(x, key ?? x, key ?? x, settings)).Message;
        Message(new AttentionSettings(4)).ShouldBe("6 features in 4 heads; expected a divisor");
        Message(new AttentionSettings(0)).ShouldContain("at least one head");
        Message(new AttentionSettings(1, Window: 0)).ShouldContain("a window of 0 keys");
        Message(new AttentionSettings(1, AttentionKind.Linear, Window: 2)).ShouldContain("has no window");
        Message(new AttentionSettings(1, IsCausal: true), longer).ShouldContain("4 queries with 5 keys");
        Message(new AttentionSettings(1) { KeyLengths = new[] { 1 } }).ShouldContain("1 lengths for 2 samples");
        Message(new AttentionSettings(1) { KeyLengths = new[] { 1, 5 } }).ShouldContain("a length of 5 with 4");
        Message(new AttentionSettings(1), tape.Input(Draws.Twofold("z", 2, 4, 3)))
            .ShouldContain("samples and features");
        Should.Throw<ArgumentException>(() => Ops.Attention(tape.Input(Draws.Twofold("p", 2, 4, 8)), new(1)))
            .Message.ShouldContain("[n, T, 3·features]");
    }

    /// <summary>NaN is near NaN: where no query has a choice, its share of all choice is undefined.</summary>
    private static void ShouldBeNear(double value, double expected, double bound)
    {
        double.IsNaN(value).ShouldBe(double.IsNaN(expected));
        if (!double.IsNaN(expected)) value.ShouldBe(expected, bound);
    }

    /// <summary>Weights by sample, head, query and key.</summary>
    private static double[][][][] Weights(AttentionSettings settings, Tensor query, Tensor key)
    {
        int samples = query.Shape[0], keys = key.Shape[1], size = Features / settings.Heads;
        return [.. Enumerable.Range(0, samples).Select(n => Enumerable.Range(0, settings.Heads).Select(
            head => Enumerable.Range(0, query.Shape[1]).Select(i =>
            {
                double[] row = [.. Enumerable.Range(0, keys).Select(j => IsSeen(settings, n, i, j)
                    ? Weight(settings.Kind, query, key, n, i, j, head * size, size)
                    : 0)];
                double sum = row.Sum();
                return sum == 0 ? row : Array.ConvertAll(row, weight => weight / sum);
            }).ToArray()).ToArray())];
    }

    private static bool IsSeen(AttentionSettings settings, int sample, int query, int key)
    {
        if (!settings.KeyLengths.IsEmpty && key >= settings.KeyLengths.Span[sample]) return false;
        if (settings.IsCausal && key > query) return false;
        if (settings.Window is not { } window) return true;
        return settings.IsCausal ? query - key < window
            : query - key <= window / 2 && key - query <= (window - 1) / 2;
    }

    private static double Weight(
        AttentionKind kind, Tensor query, Tensor key, int sample, int i, int j, int first, int size)
    {
        double score = 0;
        for (int f = first; f < first + size; f++)
        {
            double a = query[sample, i, f], b = key[sample, j, f];
            score += kind == AttentionKind.Linear ? Feature(a) * Feature(b) : a * b / Math.Sqrt(size);
        }
        return kind == AttentionKind.Linear ? score : Math.Exp(score);
    }

    private static double Feature(double x) => x > 0 ? x + 1 : Math.Exp(x);

    private static double[] Apply(double[][][][] weights, Tensor value)
    {
        int size = Features / weights[0].Length;
        return [.. from n in Enumerable.Range(0, weights.Length)
            from i in Enumerable.Range(0, weights[n][0].Length)
            from f in Enumerable.Range(0, Features)
            select weights[n][f / size][i].Select((weight, j) => weight * value[n, j, f]).Sum()];
    }

    private static (double Nats, double Share) Entropy(IEnumerable<double[]> rows)
    {
        double[][] seen = [.. rows.Where(row => row.Sum() > 0)];
        double Of(double[] row) => -row.Where(p => p > 0).Sum(p => p * Math.Log(p));
        return (
            seen.Average(Of),
            seen.Where(row => row.Count(p => p > 0) > 1).Select(row => Of(row) / Math.Log(row.Count(p => p > 0)))
                .DefaultIfEmpty(double.NaN).Average());
    }
}
