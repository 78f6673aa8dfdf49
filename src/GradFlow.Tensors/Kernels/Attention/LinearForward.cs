using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Linear attention of one sample and head per chunk (Katharopoulos et al. 2020, eq. 6 and 9 to 12). Where it is
/// causal, running sums stand for the blocks before, and products of queries and keys for the block itself.
/// </summary>
internal sealed class LinearForward<T>(AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(int chunk)
    {
        var blocks = new LinearBlocks<T>(sizes, settings, tensors, chunk);
        var room = new LinearRoom<T>(sizes.Size);
        for (int block = 0; !settings.IsCausal && block < blocks.KeyBlocks; block++)
        {
            blocks.LoadKeys(room, blocks.KeysOf(block));
            blocks.Gather(room, blocks.KeysOf(block).Rows);
        }
        for (int block = 0; block < sizes.QueryBlocks; block++)
        {
            (int first, int rows) = blocks.QueriesOf(block);
            blocks.LoadQueries(room, (first, rows));
            new Product<T>(room.Query, room.State, room.Output, rows, sizes.Size, sizes.Size + 1).MultiplyAlone();
            if (settings.IsCausal) AddOwn(blocks, room, block, rows);
            Divide(room, chunk, first, rows);
        }
    }

    /// <summary>What queries see of the keys of their own block; these then join the state.</summary>
    private void AddOwn(in LinearBlocks<T> blocks, in LinearRoom<T> room, int block, int rows)
    {
        (int First, int Rows) keys = blocks.KeysOf(block);
        blocks.LoadKeys(room, keys);
        blocks.WeighBlock(room, room.Query, room.Key, sizes.Size, rows, keys.Rows, room.Weights);
        new Product<T>(room.Weights, room.Value, room.Output, rows, keys.Rows, sizes.Size + 1, ontoC: true)
            .MultiplyAlone();
        blocks.Gather(room, keys.Rows);
    }

    /// <summary>Divides by the sum of the weights; a query that sees no key gets zeros.</summary>
    private void Divide(in LinearRoom<T> room, int pair, int first, int rows)
    {
        Matrix<T> output = sizes.RowsOf<T>(tensors.Output, pair).From(first);
        T[] sums = tensors.Normalizers.Elements<T>();
        int at = tensors.Normalizers.Offset + pair * sizes.Queries + first;
        for (int row = 0; row < rows; row++)
        {
            T sum = sums[at + row] = room.Output[row, sizes.Size];
            ReadOnlySpan<T> from = room.Output.Stretch(row, sizes.Size);
            Span<T> to = output.Stretch(row, sizes.Size);
            for (int j = 0; j < to.Length; j++) to[j] = sum == T.Zero ? T.Zero : from[j] / sum;
        }
    }
}
