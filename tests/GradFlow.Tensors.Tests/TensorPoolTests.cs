namespace GradFlow.Tensors.Tests;

public sealed class TensorPoolTests
{
    private readonly TensorPool _pool = new();

    [Fact]
    public void Storage_that_came_back_is_lent_again()
    {
        for (int step = 0; step < 10; step++)
        {
            Tensor a = _pool.Rent(new Shape(10, 10)), b = _pool.Rent(new Shape(120), ElementType.Float64);
            _pool.Return(a);
            _pool.Return(b);
        }
        _pool.AllocatedBytes.ShouldBe(128 * sizeof(float) + 128 * sizeof(double));
    }

    [Fact]
    public void Using_a_tensor_after_its_step_throws()
    {
        Tensor a = _pool.Rent(new Shape(4, 5)), view = a.Transpose();
        _pool.Return(a);
        foreach (Tensor stale in new[] { a, view })
        {
            Should.Throw<InvalidOperationException>(() => stale.Clone()).Message.ShouldContain("a step that has ended");
            Should.Throw<InvalidOperationException>(() => stale[0, 0]);
            Should.Throw<InvalidOperationException>(() => Kernels.MatMul(stale, stale.Transpose(), stale));
        }
        Should.Throw<InvalidOperationException>(() => a.AsSpan<float>());
        Should.Throw<InvalidOperationException>(() => Kernels.FillInPlace(a, 1));
    }

    [Fact]
    public void A_view_taken_after_the_step_does_not_read_the_next_owners_numbers()
    {
        Tensor a = _pool.Rent(new Shape(16));
        _pool.Return(a);
        Should.Throw<InvalidOperationException>(() => a.Reshape(new Shape(4, 4)));
        Tensor b = _pool.Rent(new Shape(16));
        b.Storage.ShouldBeSameAs(a.Storage);
        Should.Throw<InvalidOperationException>(() => a.Slice(0, 1, 2));
        Should.Throw<InvalidOperationException>(() => a.BroadcastTo(new Shape(2, 16)));
        Should.Throw<InvalidOperationException>(() => a[0]);
        b.Reshape(new Shape(4, 4)).Shape.Count.ShouldBe(2);
    }

    [Fact]
    public void Giving_back_twice_is_harmless()
    {
        Tensor a = _pool.Rent(new Shape(16));
        _pool.Return(a);
        _pool.Return(a);
        Tensor b = _pool.Rent(new Shape(16));
        _pool.Return(a);
        Tensor c = _pool.Rent(new Shape(16));
        c.Storage.ShouldNotBeSameAs(b.Storage);
        Kernels.FillInPlace(b, 1);
        Kernels.FillInPlace(c, 2);
        b[3].ShouldBe(1);
    }

    [Fact]
    public void A_view_stands_for_its_tensor_when_it_is_given_back()
    {
        Tensor a = _pool.Rent(new Shape(4, 4));
        _pool.Return(a.Transpose());
        Should.Throw<InvalidOperationException>(() => a[0, 0]);
        _pool.Rent(new Shape(16)).Storage.ShouldBeSameAs(a.Storage);
    }

    [Fact]
    public void A_pool_takes_only_what_it_lent()
    {
        Tensor own = Tensor.Full(new Shape(16), 3);
        Should.Throw<ArgumentException>(() => _pool.Return(own)).Message.ShouldContain("not lent by this pool");
        Should.Throw<ArgumentException>(() => new TensorPool().Return(_pool.Rent(new Shape(16))));
        own[0].ShouldBe(3);
    }

    [Fact]
    public void Empty_and_scalar_tensors_can_be_lent()
    {
        _pool.Rent(new Shape(0, 4)).AsSpan<float>().Length.ShouldBe(0);
        _pool.Rent(new Shape()).AsSpan<float>().Length.ShouldBe(1);
    }
}
