namespace GradFlow.Tensors;

/// <summary>The extents that an attention kernel works on, and how its work falls into blocks.</summary>
/// <param name="Samples">Samples of the batch.</param>
/// <param name="Queries">Queries of a sample.</param>
/// <param name="Keys">Keys of a sample, padding included.</param>
/// <param name="Heads">Heads.</param>
/// <param name="Size">Features of a head.</param>
internal readonly record struct AttentionSizes(int Samples, int Queries, int Keys, int Heads, int Size)
{
    /// <summary>Queries, and keys, of a block: their scores stay in the first-level cache.</summary>
    public const int Block = 64;

    /// <summary>Blocks of queries of a sample.</summary>
    public int QueryBlocks => BlocksOf(Queries);

    /// <summary>Pairs of a sample and a head: nothing that one computes depends on another.</summary>
    public int Pairs => Samples * Heads;

    /// <summary>Blocks of so many rows.</summary>
    public static int BlocksOf(int rows) => (rows + Block - 1) / Block;

    /// <summary>One head's rows of one sample of [samples, rows, heads·size].</summary>
    public Matrix<T> RowsOf<T>(Tensor tensor, int pair)
        where T : unmanaged
    {
        int[] strides = tensor.StrideArray;
        return new Matrix<T>(
            tensor.Elements<T>(), tensor.Offset + pair / Heads * strides[0] + pair % Heads * Size, strides[1], 1);
    }
}
