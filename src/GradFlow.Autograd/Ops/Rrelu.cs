using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x where x &gt; 0, else a·x with a slope a of each element's own, uniform on [lower, upper) (Xu et al. 2015);
    /// ∂x = ∂y or a·∂y, with the same slopes.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="lower">The smallest slope.</param>
    /// <param name="upper">The largest slope, at least the smallest.</param>
    /// <param name="key">The draws; the same key makes the same slopes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest slope is below the smallest.</exception>
    public static Variable Rrelu(Variable x, double lower, double upper, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!(lower <= upper))
            throw new ArgumentOutOfRangeException(
                nameof(upper), $"slopes from {lower} to {upper}; expected the second no smaller");
        Tensor slopes = x.Tape.RentLike(x.Value), y = x.Tape.RentLike(x.Value);
        Kernels.FillUniformInPlace(slopes, key, lower, upper);
        Kernels.RectifierSlope(x.Value, slopes, slopes);
        Kernels.Multiply(x.Value, slopes, y);
        return x.Tape.Record("rrelu", y, [x], (g, sink) => sink.Give(0, SummedProduct(x.Tape, g, slopes, x.Shape)));
    }
}
