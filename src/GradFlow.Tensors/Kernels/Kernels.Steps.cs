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
