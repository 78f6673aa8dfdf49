using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The way back of linear attention, of one sample and head per chunk: once through the queries with the running sums
/// of the way forward, and once, where it is causal from the end, with those of the cotangents.
/// </summary>
/// <remarks>
/// y = N/z with [N, z] = φ(q)·S and S = Σ φ(k)ᵀ·[v, 1]. So with ȳ the output's cotangent, [N̄, z̄] = [ȳ, −ȳ·y]/z;
/// ∂φ(q) = [N̄, z̄]·Sᵀ, and with R = Σ φ(q)ᵀ·[N̄, z̄] over the queries that see a key,
/// ∂φ(k) = [v, 1]·Rᵀ and ∂v = φ(k)·R.
/// </remarks>
internal sealed class LinearBackward<T>(
    AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors, AttentionCotangents cotangents)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _size = sizes.Size;

    public void Run(int chunk)
    {
        var blocks = new LinearBlocks<T>(sizes, settings, tensors, chunk);
        var room = new LinearRoom<T>(_size);
        for (int block = 0; !settings.IsCausal && block < blocks.KeyBlocks; block++)
        {
            blocks.LoadKeys(room, blocks.KeysOf(block));
            blocks.Gather(room, blocks.KeysOf(block).Rows);
        }
        for (int block = 0; block < sizes.QueryBlocks; block++) ToQueries(blocks, room, chunk, block);
        if (!settings.IsCausal)
            for (int block = 0; block < sizes.QueryBlocks; block++) GatherLater(blocks, room, chunk, block);
        Matrix<T> key = sizes.RowsOf<T>(cotangents.Key, chunk), value = sizes.RowsOf<T>(cotangents.Value, chunk);
        key.Clear(sizes.Keys, _size);
        value.Clear(sizes.Keys, _size);
        int count = AttentionSizes.BlocksOf(sizes.Keys);
        for (int block = count - 1; block >= 0; block--) ToKeys(blocks, room, chunk, block, key, value);
    }

    private void ToQueries(in LinearBlocks<T> blocks, in LinearRoom<T> room, int pair, int block)
    {
        (int first, int rows) = blocks.QueriesOf(block);
        Load(blocks, room, pair, (first, rows));
        new Product<T>(room.Output, room.State.Transposed(), room.Mapped, rows, _size + 1, _size).MultiplyAlone();
        if (settings.IsCausal)
        {
            (int First, int Rows) keys = blocks.KeysOf(block);
            blocks.LoadKeys(room, keys);
            blocks.WeighBlock(room, room.Output, room.Value, _size + 1, rows, keys.Rows, room.Cotangents);
            new Product<T>(room.Cotangents, room.Key, room.Mapped, rows, keys.Rows, _size, ontoC: true)
                .MultiplyAlone();
            blocks.Gather(room, keys.Rows);
        }
        blocks.Unmap(room.Query, room.Mapped, sizes.RowsOf<T>(cotangents.Query, pair).From(first), rows);
    }

    private void ToKeys(
        in LinearBlocks<T> blocks, in LinearRoom<T> room, int pair, int block, Matrix<T> key, Matrix<T> value)
    {
        (int first, int keys) = blocks.KeysOf(block);
        blocks.LoadKeys(room, (first, keys));
        new Product<T>(room.Value, room.Later.Transposed(), room.Mapped, keys, _size + 1, _size).MultiplyAlone();
        new Product<T>(room.Key, room.Later, value.From(first), keys, _size, _size).MultiplyAlone();
        if (settings.IsCausal)
        {
            (int First, int Rows) queries = blocks.QueriesOf(block);
            Load(blocks, room, pair, queries);
            blocks.WeighBlock(room, room.Output, room.Value, _size + 1, queries.Rows, keys, room.Cotangents);
            blocks.WeighBlock(room, room.Query, room.Key, _size, queries.Rows, keys, room.Weights);
            new Product<T>(
                room.Cotangents.Transposed(), room.Query, room.Mapped, keys, queries.Rows, _size, ontoC: true)
                .MultiplyAlone();
            new Product<T>(
                room.Weights.Transposed(), room.Output, value.From(first), keys, queries.Rows, _size, ontoC: true)
                .MultiplyAlone();
            Gather(room, queries.Rows);
        }
        blocks.Unmap(room.Key, room.Mapped, key.From(first), keys);
    }

    private void GatherLater(in LinearBlocks<T> blocks, in LinearRoom<T> room, int pair, int block)
    {
        (int First, int Rows) queries = blocks.QueriesOf(block);
        Load(blocks, room, pair, queries);
        Gather(room, queries.Rows);
    }

    private void Gather(in LinearRoom<T> room, int queries) => new Product<T>(
        room.Query.Transposed(), room.Output, room.Later, _size, queries, _size + 1, ontoC: true).MultiplyAlone();

    /// <summary>φ(q) and [ȳ, −ȳ·y]/z of a block.</summary>
    private void Load(in LinearBlocks<T> blocks, in LinearRoom<T> room, int pair, (int First, int Rows) block)
    {
        blocks.LoadQueries(room, block);
        Matrix<T> output = sizes.RowsOf<T>(tensors.Output, pair).From(block.First);
        Matrix<T> g = sizes.RowsOf<T>(cotangents.Output, pair).From(block.First);
        T[] sums = tensors.Normalizers.Elements<T>();
        int at = tensors.Normalizers.Offset + pair * sizes.Queries + block.First;
        for (int row = 0; row < block.Rows; row++)
        {
            T sum = sums[at + row], product = T.Zero;
            ReadOnlySpan<T> from = g.Stretch(row, _size), y = output.Stretch(row, _size);
            Span<T> to = room.Output.Stretch(row, _size + 1);
            for (int j = 0; j < _size; j++)
            {
                to[j] = sum == T.Zero ? T.Zero : from[j] / sum;
                product += to[j] * y[j];
            }
            to[_size] = -product;
        }
    }
}
