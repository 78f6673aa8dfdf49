using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>The same elements in another shape; the cotangent is shaped back.</summary>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public static Variable Reshape(Variable x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Tape.Record("reshape", x.Value.Reshape(shape), [x], (g, sink) => sink.Lend(0, g.Reshape(x.Shape)));
    }
}
