using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Each element is zeroed with probability p, else multiplied by 1/(1−p) (Srivastava et al. 2014); the cotangent
    /// likewise, with the same choice.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">The probability of zeroing, in [0, 1).</param>
    /// <param name="key">The draws; the same key makes the same choice.</param>
    public static Variable Dropout(Variable x, double p, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!(p >= 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), $"dropout probability {p}; expected [0, 1)");
        Tensor mask = x.Tape.RentLike(x.Value), y = x.Tape.RentLike(x.Value);
        Kernels.DropoutMask(key, p, mask);
        Kernels.Multiply(x.Value, mask, y);
        return x.Tape.Record("dropout", y, [x], (g, sink) => sink.Give(0, SummedProduct(x.Tape, g, mask, x.Shape)));
    }
}
