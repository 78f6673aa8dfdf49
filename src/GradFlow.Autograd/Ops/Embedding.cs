using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y_i = W_(indices_i), a row of a table for each index, zeros for −1; ∂W_k = the sum of ∂y_i over all i with that
    /// index (Bengio et al. 2003).
    /// </summary>
    /// <param name="weight">W, [words, features].</param>
    /// <param name="indices">Numbers of rows, from 0, or −1 for none; [indices, features] comes out.</param>
    /// <exception cref="ArgumentException">W is no matrix, or has no row of some index.</exception>
    public static Variable Embedding(Variable weight, int[] indices)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(indices);
        if (weight.Shape.Count != 2)
            throw new ArgumentException($"a table of shape {weight.Shape}; expected [words, features]", nameof(weight));
        Tape tape = weight.Tape;
        Tensor y = tape.Rent(new Shape(indices.Length, weight.Shape[1]), weight.Value.ElementType);
        Kernels.SelectRows(weight.Value, indices, y);
        return tape.Record("embedding", y, [weight], (g, sink) =>
        {
            Tensor table = tape.RentLike(weight.Value);
            Kernels.FillInPlace(table, 0);
            Kernels.AddToRowsInPlace(table, indices, g);
            sink.Give(0, table);
        });
    }
}
