using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>The last two dimensions exchanged, as a dense tensor; the cotangent is transposed back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two dimensions.</exception>
    public static Variable Transpose(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor view = x.Value.Transpose(), y = x.Tape.RentLike(view);
        Kernels.Copy(view, y);
        return x.Tape.Record("transpose", y, [x], (g, sink) => sink.Lend(0, g.Transpose()));
    }
}
