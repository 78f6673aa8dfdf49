namespace GradFlow.Tensors.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void A_scalar_has_no_dimension_and_one_element()
    {
        new Shape().Size.ShouldBe(1);
        default(Shape).Count.ShouldBe(0);
        default(Shape).ShouldBe(new Shape([]));
        new Shape().ToString().ShouldBe("[]");
    }

    [Fact]
    public void Shapes_are_compared_by_value()
    {
        new Shape(2, 3).ShouldBe(new Shape(2, 3));
        (new Shape(2, 3) == new Shape(3, 2)).ShouldBeFalse();
        (new Shape(2, 3) != new Shape(2, 3, 1)).ShouldBeTrue();
        new Shape(2, 3).GetHashCode().ShouldBe(new Shape(2, 3).GetHashCode());
        new Shape(2, 3).Equals((object)new Shape(2, 3)).ShouldBeTrue();
    }

    [Fact]
    public void Extents_are_read_by_index_from_either_end()
    {
        var shape = new Shape(4, 5, 6);
        shape[0].ShouldBe(4);
        shape[^1].ShouldBe(6);
        shape.ShouldBe([4, 5, 6]);
        shape.Size.ShouldBe(120);
    }

    [Fact]
    public void Impossible_extents_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Shape(2, -1));
        Should.Throw<OverflowException>(() => new Shape(1 << 20, 1 << 20));
    }

    public static TheoryData<int[], int[], int[]> Broadcasts => new()
    {
        { [], [], [] },
        { [3], [], [3] },
        { [2, 3], [3], [2, 3] },
        { [2, 1], [1, 3], [2, 3] },
        { [4, 1, 5], [3, 1], [4, 3, 5] },
        { [1], [7, 1], [7, 1] },
        { [0, 3], [1, 3], [0, 3] },
        { [2, 1], [2, 0], [2, 0] },
    };

    [Theory]
    [MemberData(nameof(Broadcasts))]
    public void Broadcasting_aligns_at_the_last_dimension_and_stretches_ones(int[] a, int[] b, int[] expected)
    {
        Shape.Broadcast(new Shape(a), new Shape(b)).ShouldBe(new Shape(expected));
        Shape.Broadcast(new Shape(b), new Shape(a)).ShouldBe(new Shape(expected));
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named()
    {
        Should.Throw<ArgumentException>(() => Shape.Broadcast(new Shape(2, 3), new Shape(2, 4)))
            .Message.ShouldBe("shapes [2, 3] and [2, 4] do not broadcast: 3 against 4; expected equal extents or 1");
        Should.Throw<ArgumentException>(() => Shape.Broadcast(new Shape(0), new Shape(2)));
    }
}
