namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>Takes one time step of each sample of sequences [n, T, f]; where it is −1, none.</summary>
    /// <param name="sequences">The sequences, of any strides.</param>
    /// <param name="steps">The time step of each sample.</param>
    /// <param name="into">Takes them, [n, f].</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void TakeSteps(Tensor sequences, ReadOnlySpan<int> steps, Tensor into) =>
        CopySteps(sequences, steps, into, (step, row) => Copy(step, row));

    /// <summary>Writes one time step of each sample of sequences [n, T, f]; where it is −1, none.</summary>
    /// <param name="from">What is written, [n, f].</param>
    /// <param name="steps">The time step of each sample.</param>
    /// <param name="sequences">The sequences, of any strides.</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void PutSteps(Tensor from, ReadOnlySpan<int> steps, Tensor sequences) =>
        CopySteps(sequences, steps, from, (step, row) => Copy(row, step));

    /// <summary>
    /// Turns the time steps of each sample round, as far as they hold data; those behind stay where they are.
    /// </summary>
    /// <param name="sequences">The sequences, dense, [n, T, f].</param>
    /// <param name="lengths">Time steps of each sample that hold data; empty where all do.</param>
    /// <param name="into">Takes them, likewise; not the same.</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void ReverseSteps(Tensor sequences, ReadOnlySpan<int> lengths, Tensor into)
    {
        RequireSequences(sequences);
        RequireShape(into, sequences.Shape);
        RequireSameType(into, sequences);
        if (IsFloat(sequences)) ReverseSteps(sequences.AsSpan<float>(), sequences.Shape, lengths, into.AsSpan<float>());
        else ReverseSteps(sequences.AsSpan<double>(), sequences.Shape, lengths, into.AsSpan<double>());
    }

    private static void ReverseSteps<T>(ReadOnlySpan<T> from, Shape shape, ReadOnlySpan<int> lengths, Span<T> into)
    {
        (int steps, int size) = (shape[1], shape[2]);
        for (int i = 0; i < shape[0]; i++)
        {
            int length = lengths.IsEmpty ? steps : lengths[i];
            for (int t = 0; t < steps; t++)
            {
                int source = t < length ? length - 1 - t : t;
                from.Slice((i * steps + source) * size, size).CopyTo(into[((i * steps + t) * size)..]);
            }
        }
    }

    private static void CopySteps(Tensor sequences, ReadOnlySpan<int> steps, Tensor rows, Action<Tensor, Tensor> copy)
    {
        RequireSequences(sequences);
        RequireShape(rows, new Shape(steps.Length, sequences.Shape[2]));
        RequireSameType(rows, sequences);
        for (int i = 0; i < steps.Length; i++)
            if (steps[i] >= 0) copy(sequences.Slice(0, i, 1).Slice(1, steps[i], 1), rows.Slice(0, i, 1).Reshape(
                new Shape(1, 1, sequences.Shape[2])));
    }
}
