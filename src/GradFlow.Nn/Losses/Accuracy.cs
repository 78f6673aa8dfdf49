using System.Numerics;
using GradFlow.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace GradFlow.Nn;

/// <summary>The share of samples whose predicted class is their label.</summary>
public static class Accuracy
{
    /// <summary>
    /// The predicted class is that of the largest output, the first of equals; with a single output (a logit) it is 1
    /// above 0. A sample with a NaN among its outputs counts as wrong.
    /// </summary>
    /// <param name="output">
    /// [n, classes], [n, 1] or [n]; of sequences [n, steps, classes], each step counting alike.
    /// </param>
    /// <param name="labels">
    /// n class indices, or n·steps with a sample's one after the other; at least one. One of −1 isn't counted.
    /// </param>
    /// <returns>A share in [0, 1]; NaN where no label is counted.</returns>
    /// <exception cref="ArgumentException">The counts differ, or there is no sample.</exception>
    public static double Of(Tensor output, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(output);
        int classes = output.Shape.Count is 2 or 3 ? output.Shape[^1] : 1;
        if (output.Shape.Count is not (1 or 2 or 3) || output.Size != labels.Length * classes || output.Size == 0)
            throw new ArgumentException(
                $"{labels.Length} labels for outputs of shape {output.Shape}; expected [n, classes] and n labels, or "
                + "[n, steps, classes] and n·steps labels");
        return Share(output, labels, classes);
    }

    /// <summary>
    /// The accuracy at the last time step alone; of outputs without time steps it is <see cref="Of"/>.
    /// </summary>
    /// <param name="output">[n, steps, classes], or what <see cref="Of"/> takes.</param>
    /// <param name="labels">n class indices, at least one; one of −1 isn't counted.</param>
    /// <returns>A share in [0, 1]; NaN where no label is counted.</returns>
    /// <exception cref="ArgumentException">The counts differ, or there is no sample.</exception>
    public static double OfLastStep(Tensor output, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Shape.Count != 3) return Of(output, labels);
        if (output.Shape[0] != labels.Length || output.Size == 0)
            throw new ArgumentException(
                $"{labels.Length} labels for outputs of shape {output.Shape}; "
                    + "expected [n, steps, classes] and n labels");
        return Share(output, labels, output.Shape[2]);
    }

    private static double Share(Tensor output, ReadOnlySpan<int> labels, int classes)
    {
        bool isFloat = output.ElementType == ElementType.Float32;
        int hits = isFloat ? Hits<float>(output, labels, classes) : Hits<double>(output, labels, classes);
        return (double)hits / (labels.Length - labels.Count(-1));
    }

    /// <summary>Compares the last outputs of each stretch that has a label.</summary>
    private static int Hits<T>(Tensor output, ReadOnlySpan<int> labels, int classes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> all = output.AsSpan<T>();
        int stretch = output.Size / labels.Length, hits = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<T> row = all.Slice(((i + 1) * stretch) - classes, classes);
            int best = TensorPrimitives.IndexOfMax(row);
            if (T.IsNaN(row[best])) continue;
            int predicted = classes > 1 ? best : row[0] > T.Zero ? 1 : 0;
            if (predicted == labels[i]) hits++;
        }
        return hits;
    }
}
