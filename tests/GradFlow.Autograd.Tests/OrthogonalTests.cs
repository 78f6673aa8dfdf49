using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Orthogonal matrices as exponentials of skew-symmetric ones.</summary>
public sealed class OrthogonalTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 0.01)]
    [InlineData(7, 3)]
    [InlineData(64, 1)]
    public void What_free_numbers_give_is_orthogonal(int size, double std)
    {
        foreach (ElementType type in (ElementType[])[ElementType.Float32, ElementType.Float64])
        {
            using var tape = new Tape();
            Tensor u = Ops.Orthogonal(tape.Input(Draws.Normal("m", type, std, size, size)), Eye(size)).Value;
            Tensor product = Tensor.Zeros(u.Shape, ElementType.Float64), wide = u.Clone(ElementType.Float64);
            Kernels.MatMul(wide, wide.Transpose(), product);
            product.ToDoubles().ShouldBe(
                Eye(size).ToDoubles(), type == ElementType.Float32 ? 1e-6 : 1e-11);
        }
    }

    /// <summary>exp of [[0, −t], [t, 0]] turns by t.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(20)]
    public void Two_dimensions_are_turned_by_the_number_below_the_diagonal(double angle)
    {
        using var tape = new Tape();
        Tensor m = Tensor.From([5, 7, angle, 9.0], 2, 2);
        Ops.Orthogonal(tape.Input(m), Eye(2)).Value.ToDoubles().ShouldBe(
            [Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle)], 1e-11);
    }

    [Fact]
    public void At_zero_it_is_the_matrix_that_it_starts_with()
    {
        using var tape = new Tape();
        Tensor start = Draws.Single("start", 5, 5);
        Ops.Orthogonal(tape.Input(Tensor.Zeros(new Shape(5, 5))), start).Value.ToDoubles().ShouldBe(start.ToDoubles());
        Should.Throw<ArgumentException>(() => Ops.Orthogonal(tape.Input(Tensor.Zeros(new Shape(5, 4))), start))
            .Message.ShouldBe("got [5, 4] and [5, 5]; expected two square matrices of one size");
    }

    private static Tensor Eye(int size)
    {
        Tensor eye = Tensor.Zeros(new Shape(size, size), ElementType.Float64);
        for (int i = 0; i < size; i++) eye[i, i] = 1;
        return eye;
    }
}
