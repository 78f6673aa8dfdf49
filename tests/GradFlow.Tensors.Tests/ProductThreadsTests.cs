using GradFlow.TestKit;

namespace GradFlow.Tensors.Tests;

public sealed class ProductThreadsTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 200, 300, 150 }, { 1, 700, 1500 }, { 3000, 30, 16 }, { 97, 129, 65 }, { 64, 1000, 33 }, { 500, 3, 700 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Threads_change_no_bit(int m, int k, int n)
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor a = Layouts.Dense(new Shape(m, k), type, "a"), b = Layouts.Dense(new Shape(k, n), type, "b");
            Tensor weight = Layouts.Dense(new Shape(n, k), type, "w"), bias = Layouts.Dense(new Shape(n), type, "c");
            double[][] alone = Results(a, b, weight, bias, 1), shared = Results(a, b, weight, bias, 4);
            for (int i = 0; i < alone.Length; i++) shared[i].ShouldBe(alone[i]);
        }
    }

    [Fact]
    public void Products_at_the_same_time_do_not_disturb_each_other()
    {
        Tensor a = Layouts.Dense(new Shape(90, 110), name: "a"), b = Layouts.Dense(new Shape(80, 110), name: "b");
        Tensor expected = Tensor.Zeros(new Shape(90, 80));
        Kernels.Affine(a, b, null, expected);
        Parallel.For(0, 4, _ =>
        {
            Tensor c = Tensor.Zeros(expected.Shape);
            for (int i = 0; i < 200; i++)
            {
                c.AsSpan<float>().Clear();
                Kernels.Affine(a, b, null, c);
                c.AsSpan<float>().SequenceEqual(expected.AsSpan<float>()).ShouldBeTrue();
            }
        });
    }

    [Fact]
    public void Products_allocate_nothing_once_warm()
    {
        Tensor a = Layouts.Dense(new Shape(100, 200), name: "a"), b = Layouts.Dense(new Shape(75, 200), name: "b");
        Tensor bias = Layouts.Dense(new Shape(75)), c = Tensor.Zeros(new Shape(100, 75));
        SteadyAllocations.PerStep(() =>
        {
            Kernels.Affine(a, b, bias, c);
            Kernels.MatMul(a, b, c, accumulate: true, transposeB: true);
        }).ShouldBe(0);
    }

    /// <summary>A product, one onto what is there, and an affine map.</summary>
    private static double[][] Results(Tensor a, Tensor b, Tensor weight, Tensor bias, int threads)
    {
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            Tensor c = Tensor.Full(new Shape(a.Shape[0], b.Shape[1]), double.NaN, a.ElementType);
            Kernels.MatMul(a, b, c);
            double[] product = c.ToDoubles();
            Kernels.MatMul(a, b, c, accumulate: true);
            double[] twice = c.ToDoubles();
            Kernels.Affine(a, weight, bias, c);
            return [product, twice, c.ToDoubles()];
        }
        finally
        {
            Workers.Use(before);
        }
    }
}
