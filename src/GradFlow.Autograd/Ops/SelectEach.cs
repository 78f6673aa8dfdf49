using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// One time step of each sample, which may be another one for each: of sequences x [n, T, f], row i of the result
    /// [n, f] is x_{i, steps_i}. The cotangent goes to that step alone.
    /// </summary>
    /// <param name="x">The sequences.</param>
    /// <param name="steps">A time step of each sample, from 0.</param>
    /// <exception cref="ArgumentException">No sequences, or not a time step of theirs for each.</exception>
    public static Variable SelectEach(Variable x, ReadOnlyMemory<int> steps)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        Tensor sequences = x.Value;
        if (sequences.Shape.Count != 3 || sequences.Shape[0] != steps.Length)
            throw new ArgumentException(
                $"{steps.Length} time steps of {sequences.Shape}; expected sequences [{steps.Length}, T, f]");
        Tensor y = tape.Rent(new Shape(steps.Length, sequences.Shape[2]), sequences.ElementType);
        Kernels.TakeSteps(sequences, steps.Span, y);
        return tape.Record("select-each", y, [x], (g, sink) =>
        {
            Tensor all = tape.RentLike(sequences);
            Kernels.FillInPlace(all, 0);
            Kernels.PutSteps(g, steps.Span, all);
            sink.Give(0, all);
        });
    }
}
