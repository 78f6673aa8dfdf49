namespace GradFlow.Tensors.Tests;

public sealed class PoolingKernelTests
{
    private static readonly Window Two = new(2, 2);

    [Fact]
    public void The_first_of_equal_numbers_gets_the_cotangent()
    {
        Tensor x = Tensor.From([3f, 3f, 3f, 3f], 1, 1, 2, 2), y = Tensor.Zeros(new Shape(1, 1, 1, 1)),
            gx = Tensor.Zeros(x.Shape);
        Kernels.MaxPool(x, Two, Two, y);
        Kernels.MaxPoolBackward(x, Tensor.Full(y.Shape, 5), Two, Two, gx);
        y.ToDoubles().ShouldBe([3]);
        gx.ToDoubles().ShouldBe([5, 0, 0, 0]);
    }

    [Fact]
    public void NaN_is_the_largest_and_padding_never_is()
    {
        Tensor x = Tensor.From([-7f, float.NaN, -2f, -3f], 1, 1, 1, 4), y = Tensor.Zeros(new Shape(1, 1, 1, 3));
        Kernels.MaxPool(x, Window.Single, new Window(2, 2, 1), y);
        y.ToDoubles().ShouldBe([-7, double.NaN, -3]);
    }

    [Fact]
    public void Padding_counts_as_zeros_in_a_mean()
    {
        Tensor x = Tensor.From([4f, 6f], 1, 1, 1, 2), y = Tensor.Zeros(new Shape(1, 1, 1, 2));
        Kernels.AveragePool(x, Window.Single, new Window(2, 2, 1), y);
        y.ToDoubles().ShouldBe([2, 3]);
    }

    [Fact]
    public void Bits_are_the_same_at_any_number_of_threads()
    {
        int threads = Workers.Threads;
        try
        {
            double[] Run(int count)
            {
                Workers.Use(count);
                Tensor x = Layouts.Dense(new Shape(9, 7, 31, 33), name: "x"), y = Tensor.Zeros(new Shape(9, 7, 15, 16));
                Tensor gx = Tensor.Zeros(x.Shape);
                Kernels.AveragePool(x, new Window(3, 2), new Window(3, 2), y);
                Kernels.AveragePoolBackward(y, new Window(3, 2), new Window(3, 2), gx);
                return gx.ToDoubles();
            }
            Run(2).ShouldBe(Run(1));
        }
        finally
        {
            Workers.Use(threads);
        }
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Zeros(new Shape(1, 1, 4, 4)), y = Tensor.Zeros(new Shape(1, 1, 2, 2));
        Should.Throw<ArgumentException>(() => Kernels.MaxPool(x, Two, new Window(2, 2, 2), y))
            .Message.ShouldContain("padding of at most half the window");
        Should.Throw<ArgumentException>(() => Kernels.AveragePool(Tensor.Zeros(new Shape(4, 4)), Two, Two, y))
            .Message.ShouldContain("expected [n, c, h, w]");
    }
}
