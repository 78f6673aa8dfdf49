using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Sequences x [n, T, f] with the time steps of each sample turned round, as far as they hold data; padding behind
    /// them stays. Done twice it changes nothing, and its derivative turns the cotangent round.
    /// </summary>
    /// <param name="x">The sequences.</param>
    /// <param name="lengths">Time steps of each sample that hold data, 0 to T; empty where all do.</param>
    /// <exception cref="ArgumentException">No sequences, or lengths that don't fit them.</exception>
    public static Variable ReverseSteps(Variable x, ReadOnlyMemory<int> lengths = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Count != 3) throw new ArgumentException($"got {x.Shape}; expected sequences [n, T, f]");
        if (!lengths.IsEmpty && (lengths.Length != x.Shape[0] || !Array.TrueForAll(
                lengths.ToArray(), length => length >= 0 && length <= x.Shape[1])))
            throw new ArgumentException(
                $"lengths don't fit {x.Shape}; expected {x.Shape[0]} of 0 to {x.Shape[1]} time steps");
        Tape tape = x.Tape;
        Tensor y = tape.RentLike(x.Value);
        Kernels.ReverseSteps(Dense(x.Value), lengths.Span, y);
        return tape.Record("reverse-steps", y, [x], (g, sink) =>
        {
            Tensor turned = tape.RentLike(g);
            Kernels.ReverseSteps(Dense(g), lengths.Span, turned);
            sink.Give(0, turned);
        });
    }
}
