namespace GradFlow.Tensors.Tests;

/// <summary>
/// What holds of activations beyond agreeing with a naive loop: far out, at the ends of arrays, among equals.
/// </summary>
public sealed class CurveKernelTests
{
    private static readonly Dictionary<string, (Action<Tensor, Tensor> Kernel, Func<double, double> Naive)> Tails =
        new()
        {
            ["silu"] = (Kernels.Silu, x => x * Naive.Logistic(x)),
            ["softplus"] = ((x, y) => Kernels.Softplus(x, 0.5, y), x => 2 * Naive.Softplus(0.5 * x)),
            ["softplus-backward"] =
                ((x, y) => Kernels.SoftplusBackward(x, 0.5, x, y), x => x * Naive.Logistic(0.5 * x)),
            ["elu-backward"] = ((x, y) => Kernels.EluBackward(x, 2, 1, x, y), x => x * (x > 0 ? 1 : 2 * Math.Exp(x))),
        };

    public static TheoryData<string> TailNames => [.. Tails.Keys];

    /// <summary>A slope that dies out must not end in noise or zeros before the format does.</summary>
    [Theory]
    [MemberData(nameof(TailNames))]
    public void Far_below_0_they_keep_their_relative_precision(string name)
    {
        foreach (ElementType type in Layouts.Types)
        {
            double reach = type == ElementType.Float32 ? 80 : 600;
            Tensor x = Tensor.From([.. Enumerable.Range(1, 500).Select(i => -reach * i / 500)]).Clone(type);
            Tensor y = Tensor.Zeros(x.Shape, type);
            Tails[name].Kernel(x, y);
            for (int i = 0; i < x.Size; i++)
            {
                double expected = Tails[name].Naive(x[i]);
                y[i].ShouldBe(expected, 16 * Layouts.Rounding(type) * Math.Abs(expected), $"{name} at {x[i]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TailNames))]
    public void A_number_has_the_same_bits_wherever_in_an_array_it_stands(string name)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(70), type), whole = Tensor.Zeros(x.Shape, type);
            Tails[name].Kernel(x, whole);
            for (int i = 0; i < x.Size; i++)
            {
                Tensor alone = Tensor.Zeros(new Shape(1), type);
                Tails[name].Kernel(x.Slice(0, i, 1), alone);
                alone[0].ShouldBe(whole[i]);
            }
        }
    }

    [Fact]
    public void Numbers_far_out_neither_overflow_nor_become_NaN()
    {
        Tensor x = Tensor.From([-1e30, -200, 200, 1e30]).Clone(ElementType.Float32), y = Tensor.Zeros(x.Shape);
        Kernels.Softplus(x, 1, y);
        y.ToDoubles().ShouldBe([0, 0, 200, (float)1e30]);
        Kernels.Silu(x, y);
        y.ToDoubles().ShouldBe([0, 0, 200, (float)1e30]);
        Kernels.Elu(x, 1, 1, y);
        y.ToDoubles().ShouldBe([-1, -1, 200, (float)1e30]);
        Kernels.Softsign(x, y);
        y.ToDoubles().ShouldBe([-1, -200 / 201.0, 200 / 201.0, 1], 1e-6);
        Kernels.HardTanh(x, 0, 6, y);
        y.ToDoubles().ShouldBe([0, 0, 6, 6]);
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        Tensor x = Tensor.Full(new Shape(3), double.NaN), y = Tensor.Zeros(x.Shape);
        Action<Tensor, Tensor>[] kernels =
        [
            Kernels.Silu, Kernels.Softsign, Kernels.GeluTanh, (x, y) => Kernels.Softplus(x, 1, y),
            (x, y) => Kernels.Elu(x, 1, 1, y), (x, y) => Kernels.HardTanh(x, 0, 6, y),
        ];
        foreach (Action<Tensor, Tensor> kernel in kernels)
        {
            kernel(x, y);
            y.ToDoubles().ShouldAllBe(value => double.IsNaN(value));
        }
    }

    [Fact]
    public void Maxout_agrees_with_a_naive_loop_and_gives_its_cotangent_to_the_largest_piece()
    {
        foreach (ElementType type in Layouts.Types)
        {
            foreach ((
                int outer, int pieces, int size) in new[] { (1, 1, 1), (3, 2, 5), (2, 4, 19), (0, 2, 3), (2, 3, 0) })
            {
                Tensor x = Layouts.Dense(new Shape(outer, pieces, size), type),
                    g = Layouts.Dense(new Shape(outer, size), type, "g");
                Tensor y = Tensor.Full(g.Shape, 9, type), gx = Tensor.Full(x.Shape, 9, type);
                Kernels.Maxout(x, y);
                Kernels.MaxoutBackward(x, y, g, gx);
                foreach (int[] at in Layouts.Indices(y.Shape))
                {
                    double[] own = [.. Enumerable.Range(0, pieces).Select(k => x[at[0], k, at[1]])];
                    y[at].ShouldBe(own.Max());
                    for (int k = 0; k < pieces; k++)
                        gx[at[0], k, at[1]].ShouldBe(k == Array.IndexOf(own, own.Max()) ? g[at] : 0);
                }
            }
        }
    }

    [Fact]
    public void Of_equal_pieces_the_first_gets_the_cotangent_and_NaN_counts_as_largest()
    {
        Tensor x = Tensor.From([1.0, 2, 1, 2, double.NaN, 0]).Reshape(new Shape(3, 2, 1)),
            y = Tensor.Zeros(new Shape(3, 1), x.ElementType);
        Kernels.Maxout(x, y);
        y.ToDoubles().ShouldBe([2, 2, double.NaN]);
        Tensor same = Tensor.Full(new Shape(1, 2, 1), 1), gx = Tensor.Zeros(same.Shape);
        Kernels.MaxoutBackward(same, Tensor.Full(new Shape(1, 1), 1), Tensor.Full(new Shape(1, 1), 3), gx);
        gx.ToDoubles().ShouldBe([3, 0]);
        Should.Throw<ArgumentException>(() => Kernels.Maxout(Tensor.Zeros(new Shape(2, 2)), same)).Message
            .ShouldContain("expected [outer, k, size]");
    }
}
