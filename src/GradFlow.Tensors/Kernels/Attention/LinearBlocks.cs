using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// What linear attention's ways forward and back share: blocks of one sample and head, brought into a room.
/// </summary>
internal readonly struct LinearBlocks<T>(
    AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors, int pair)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = AttentionSizes.Block;

    /// <summary>Keys that hold data.</summary>
    public int Keys { get; } = settings.KeysOf(pair / sizes.Heads, sizes.Keys);

    /// <summary>Blocks of them.</summary>
    public int KeyBlocks => AttentionSizes.BlocksOf(Keys);

    /// <summary>The queries of a block: the first, and how many.</summary>
    public (int First, int Rows) QueriesOf(int block) =>
        (block * Block, Math.Min(Block, sizes.Queries - block * Block));

    /// <summary>The keys of a block: the first, and how many, none behind the last.</summary>
    public (int First, int Rows) KeysOf(int block) => (block * Block, Math.Clamp(Keys - block * Block, 0, Block));

    /// <summary>φ of a block's queries.</summary>
    public void LoadQueries(in LinearRoom<T> room, (int First, int Rows) block) =>
        Map(sizes.RowsOf<T>(tensors.Query, pair).From(block.First), room.Query, block.Rows);

    /// <summary>φ of a block's keys, and its values with ones behind them.</summary>
    public void LoadKeys(in LinearRoom<T> room, (int First, int Rows) block)
    {
        Map(sizes.RowsOf<T>(tensors.Key, pair).From(block.First), room.Key, block.Rows);
        Matrix<T> values = sizes.RowsOf<T>(tensors.Value, pair).From(block.First);
        for (int row = 0; row < block.Rows; row++)
        {
            values.Stretch(row, sizes.Size).CopyTo(room.Value.Stretch(row, sizes.Size));
            room.Value[row, sizes.Size] = T.One;
        }
    }

    /// <summary>Adds a block's keys to the state.</summary>
    public void Gather(in LinearRoom<T> room, int keys) => new Product<T>(
        room.Key.Transposed(), room.Value, room.State, sizes.Size, keys, sizes.Size + 1, ontoC: true).MultiplyAlone();

    /// <summary>Products of queries and keys of one block, of keys up to the query's own.</summary>
    public void WeighBlock(in LinearRoom<T> room, Matrix<T> queries, Matrix<T> keys, int depth, int rows, int columns,
        Matrix<T> into)
    {
        new Product<T>(queries, keys.Transposed(), into, rows, depth, columns).MultiplyAlone();
        for (int row = 0; row < Math.Min(rows, columns); row++)
            into.Stretch(row, columns)[(row + 1)..].Clear();
    }

    /// <summary>Makes cotangents of mapped rows those of the rows: φ' is 1 above 0 and φ below.</summary>
    public void Unmap(Matrix<T> mapped, Matrix<T> cotangents, Matrix<T> into, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> value = mapped.Stretch(row, sizes.Size), g = cotangents.Stretch(row, sizes.Size);
            Span<T> to = into.Stretch(row, sizes.Size);
            for (int j = 0; j < to.Length; j++) to[j] = value[j] < T.One ? g[j] * value[j] : g[j];
        }
    }

    private void Map(Matrix<T> from, Matrix<T> to, int rows)
    {
        for (int row = 0; row < rows; row++)
            Kernels.MapFeatures<T>(from.Stretch(row, sizes.Size), to.Stretch(row, sizes.Size));
    }
}
