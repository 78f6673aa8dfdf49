using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x where x &gt; 0, else a·x, with slopes a that are learned (He et al. 2015, eq. 1); ∂x = ∂y or a·∂y,
    /// ∂a = Σ ∂y·min(x, 0) over all elements that share the slope.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="slope">a, of a shape that broadcasts to that of x: [1], or [f] for x [n, f].</param>
    /// <exception cref="ArgumentException">The slopes don't broadcast to the input.</exception>
    public static Variable Prelu(Variable x, Variable slope)
    {
        Tape tape = SameTape(x, slope);
        if (Shape.Broadcast(x.Shape, slope.Shape) != x.Shape)
            throw new ArgumentException(
                $"slopes {slope.Shape} for an input {x.Shape}; expected a shape that broadcasts to it");
        Tensor slopes = tape.RentLike(x.Value), y = tape.RentLike(x.Value);
        Kernels.RectifierSlope(x.Value, slope.Value, slopes);
        Kernels.Multiply(x.Value, slopes, y);
        return tape.Record("prelu", y, [x, slope], (g, sink) =>
        {
            if (sink.Wants(1)) sink.Give(1, SlopeCotangent(tape, x.Value, g, slope.Shape));
            if (sink.Wants(0)) sink.Give(0, SummedProduct(tape, g, slopes, x.Shape));
        });
    }

    private static Tensor SlopeCotangent(Tape tape, Tensor x, Tensor g, Shape shape)
    {
        Tensor products = tape.RentLike(g);
        Kernels.NegativeProduct(x, g, products);
        Tensor sum = SummedTo(tape, products, shape);
        tape.Pool.Return(products);
        return sum;
    }
}
