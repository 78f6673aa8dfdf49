namespace GradFlow.Tensors.Tests;

public sealed class TensorTests
{
    private static Tensor Counting(params int[] extents) =>
        Tensor.From([.. Enumerable.Range(0, new Shape(extents).Size).Select(i => (double)i)], extents);

    [Fact]
    public void Elements_lie_in_row_major_order()
    {
        Tensor x = Counting(2, 3, 4);
        x[1, 2, 3].ShouldBe(23);
        x[0, 1, 0].ShouldBe(4);
        x.Strides.ToArray().ShouldBe([12, 4, 1]);
        x.IsContiguous.ShouldBeTrue();
        x.ToString().ShouldBe("Float64[2, 3, 4]");
    }

    [Fact]
    public void Tensors_are_made_with_the_numbers_asked_for()
    {
        Tensor.Zeros(new Shape(2, 2)).ToDoubles().ShouldBe([0, 0, 0, 0]);
        Tensor.Full(new Shape(3), 0.5, ElementType.Float64).ToDoubles().ShouldBe([0.5, 0.5, 0.5]);
        Tensor.From([1f, 2f]).Shape.ShouldBe(new Shape(2));
        Tensor.Zeros(new Shape()).ToDoubles().ShouldBe([0]);
        Tensor.Zeros(new Shape(3, 0)).ToDoubles().ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => Tensor.From([1f, 2f, 3f], 2, 2)).Message
            .ShouldContain("3 numbers do not fill shape [2, 2]");
    }

    [Fact]
    public void A_wrapped_array_is_shared_and_a_clone_is_not()
    {
        float[] numbers = [1, 2, 3, 4];
        Tensor wrapped = Tensor.Wrap(numbers, new Shape(2, 2)), clone = wrapped.Clone();
        wrapped[0, 1] = 7;
        numbers[1].ShouldBe(7);
        clone[0, 1].ShouldBe(2);
        Should.Throw<ArgumentException>(() => Tensor.Wrap(numbers, new Shape(5)));
    }

    [Fact]
    public void A_clone_in_another_type_rounds_to_nearest()
    {
        Tensor x = Tensor.From([0.1, 1 + Math.Pow(2, -24), 1 + 3 * Math.Pow(2, -24), 1e300]);
        x.Clone(ElementType.Float32).ToDoubles().ShouldBe([0.1f, 1, 1 + Math.Pow(2, -22), double.PositiveInfinity]);
        x.Clone(ElementType.Float32).Clone(ElementType.Float64)[0].ShouldBe(0.1f);
    }

    [Fact]
    public void Views_see_the_same_numbers()
    {
        Tensor x = Counting(2, 3, 4);
        x.Reshape(new Shape(6, 4))[4, 1].ShouldBe(17);
        x.Transpose()[1, 3, 2].ShouldBe(x[1, 2, 3]);
        x.Transpose(0, 1)[2, 1, 3].ShouldBe(x[1, 2, 3]);
        x.Slice(1, 1, 2).Slice(2, 2, 1)[1, 1, 0].ShouldBe(x[1, 2, 2]);
        Tensor view = x.Slice(0, 1, 1);
        view[0, 0, 0] = -5;
        x[1, 0, 0].ShouldBe(-5);
        view.Reshape(new Shape(12)).IsContiguous.ShouldBeTrue();
    }

    [Fact]
    public void A_broadcast_view_repeats_with_stride_zero()
    {
        Tensor x = Counting(3, 1), wide = x.BroadcastTo(new Shape(2, 3, 4));
        wide.Strides.ToArray().ShouldBe([0, 1, 0]);
        foreach (int[] index in Layouts.Indices(wide.Shape)) wide[index].ShouldBe(index[1]);
        wide.IsContiguous.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => x.BroadcastTo(new Shape(4, 1)));
        Should.Throw<ArgumentException>(() => wide.BroadcastTo(new Shape(3, 4)));
    }

    [Fact]
    public void What_lies_densely_is_known_to_whatever_the_strides_of_ones_are()
    {
        Tensor x = Counting(3, 4);
        x.Transpose().IsContiguous.ShouldBeFalse();
        x.Slice(0, 1, 2).IsContiguous.ShouldBeTrue();
        x.Slice(1, 1, 2).IsContiguous.ShouldBeFalse();
        x.Slice(0, 2, 1).Transpose().IsContiguous.ShouldBeTrue();
        x.Slice(1, 0, 1).IsContiguous.ShouldBeFalse();
        x.Slice(0, 1, 1).Slice(1, 2, 1).AsSpan<double>()[0].ShouldBe(6);
    }

    [Fact]
    public void Empty_views_are_empty_wherever_they_are_cut()
    {
        Tensor cut = Counting(2, 3).Transpose().Slice(1, 2, 0);
        cut.Slice(0, 3, 0).AsSpan<double>().Length.ShouldBe(0);
        cut.ToDoubles().ShouldBeEmpty();
        cut.Reshape(new Shape(0, 5)).Size.ShouldBe(0);
    }

    [Fact]
    public void Impossible_views_are_refused()
    {
        Tensor x = Counting(2, 3);
        Should.Throw<ArgumentException>(() => x.Reshape(new Shape(5))).Message.ShouldContain("6 elements against 5");
        Should.Throw<InvalidOperationException>(() => x.Transpose().Reshape(new Shape(6))).Message
            .ShouldContain("Clone()");
        Should.Throw<InvalidOperationException>(() => x.Transpose().AsSpan<double>()).Message.ShouldContain("Clone()");
        Should.Throw<InvalidOperationException>(() => x.AsSpan<float>()).Message.ShouldContain("holds Float64");
        Should.Throw<ArgumentOutOfRangeException>(() => x.Slice(1, 2, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => x.Slice(1, -1, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => x.Slice(1, int.MaxValue, int.MaxValue));
        Should.Throw<ArgumentOutOfRangeException>(() => x.Slice(2, 0, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Counting(3).Transpose());
        Should.Throw<ArgumentOutOfRangeException>(() => x[2, 0]);
        Should.Throw<ArgumentException>(() => x[1]).Message.ShouldContain("expected 2");
    }

    [Fact]
    public void Each_layout_that_the_sweeps_use_is_what_its_name_says()
    {
        var layouts = Layouts.All(new Shape(3, 4), ElementType.Float32, "x").ToDictionary(l => l.Name, l => l.Tensor);
        layouts.Keys.ShouldBe(
            ["dense", "sliced", "transposed", "sliced and transposed", "repeated along 0", "repeated along 1"]);
        foreach (Tensor tensor in layouts.Values) tensor.Shape.ShouldBe(new Shape(3, 4));
        layouts["sliced"].Strides.ToArray().ShouldBe([7, 1]);
        layouts["transposed"].Strides.ToArray().ShouldBe([1, 3]);
        layouts["repeated along 1"].Strides.ToArray().ShouldBe([1, 0]);
    }
}
