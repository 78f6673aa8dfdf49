using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Lets what maps rows [n, f] map each time step of sequences [n, T, f] alike.</summary>
internal static class Rows
{
    public static Variable Map(Variable x, Func<Variable, Variable> map)
    {
        if (x.Shape.Count != 3) return map(x);
        int samples = x.Shape[0], steps = x.Shape[1];
        Variable y = map(Ops.Reshape(x, new Shape(samples * steps, x.Shape[2])));
        return Ops.Reshape(y, new Shape(samples, steps, y.Shape[1]));
    }

    /// <summary>
    /// As <see cref="Map"/>, but feature maps [n, c, …], those of one dimension where it is said so, pass as they are.
    /// </summary>
    public static Variable MapUnlessChannelsFirst(Variable x, bool channelsFirst, Func<Variable, Variable> map) =>
        channelsFirst || x.Shape.Count > 3 ? map(x) : Map(x, map);
}
