using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The way back of softmax attention, of one sample and head per chunk: weights are computed again from the scores and
/// the logarithms of their sums, a block of queries by a block of keys at a time (Dao et al. 2022).
/// </summary>
/// <remarks>
/// With p the weights and ȳ the cotangent of the output: ∂v = pᵀ·ȳ, ∂p = ȳ·vᵀ, ∂s = p∘(∂p − Σ_j p_j·∂p_j), and the sum
/// is ȳ·y; ∂q = ∂s·k/√size and ∂k = ∂sᵀ·q/√size.
/// </remarks>
internal sealed class SoftmaxBackward<T, V>(
    AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors, AttentionCotangents cotangents)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private const int Block = AttentionSizes.Block;
    private readonly T _scale = T.One / T.Sqrt(T.CreateChecked(sizes.Size));

    public void Run(int chunk)
    {
        int keys = settings.KeysOf(chunk / sizes.Heads, sizes.Keys);
        // Where all queries see the same keys, the first block of queries writes what others add to.
        bool isWritten = settings is { IsCausal: false, Window: null } && sizes.Queries > 0;
        int unseen = isWritten ? keys : 0;
        sizes.RowsOf<T>(cotangents.Key, chunk).From(unseen).Clear(sizes.Keys - unseen, sizes.Size);
        sizes.RowsOf<T>(cotangents.Value, chunk).From(unseen).Clear(sizes.Keys - unseen, sizes.Size);
        for (int first = 0; first < sizes.Queries; first += Block)
        {
            int rows = Math.Min(Block, sizes.Queries - first);
            T[] means = Means(chunk, first, rows);
            int from = settings.Seen(first, keys).From / Block * Block;
            int end = settings.Seen(first + rows - 1, keys).End;
            if (from >= end) sizes.RowsOf<T>(cotangents.Query, chunk).From(first).Clear(rows, sizes.Size);
            for (int key = from; key < end; key += Block)
                Add(
                    chunk, (first, rows), (key, Math.Min(Block, keys - key)), keys, means,
                    ontoQuery: key > from, ontoKey: first > 0 || !isWritten);
        }
    }

    /// <summary>Σ_j p_j·∂p_j of each query, which is ȳ·y.</summary>
    private T[] Means(int pair, int first, int rows)
    {
        T[] means = Scratch<T>.Fourth(Block);
        Matrix<T> g = sizes.RowsOf<T>(cotangents.Output, pair).From(first);
        Matrix<T> y = sizes.RowsOf<T>(tensors.Output, pair).From(first);
        for (int row = 0; row < rows; row++)
            means[row] = ScoreRows<T, V>.Dot(g.Stretch(row, sizes.Size), y.Stretch(row, sizes.Size));
        return means;
    }

    /// <summary>Adds what comes from one block of queries and one of keys.</summary>
    private void Add(
        int pair, (int First, int Rows) query, (int First, int Columns) key, int keys, T[] means, bool ontoQuery,
        bool ontoKey)
    {
        (int rows, int columns, int size) = (query.Rows, key.Columns, sizes.Size);
        Matrix<T> scores = new(Scratch<T>.First(Block * Block), 0, Block, 1);
        Matrix<T> weighted = new(Scratch<T>.Third(Block * Block), 0, Block, 1);
        Matrix<T> q = sizes.RowsOf<T>(tensors.Query, pair).From(query.First);
        Matrix<T> g = sizes.RowsOf<T>(cotangents.Output, pair).From(query.First);
        Matrix<T> k = sizes.RowsOf<T>(tensors.Key, pair).From(key.First);
        Matrix<T> v = sizes.RowsOf<T>(tensors.Value, pair).From(key.First);
        new Product<T>(q, k.Transposed(), scores, rows, size, columns).MultiplyAlone();
        new Product<T>(g, v.Transposed(), weighted, rows, size, columns).MultiplyAlone();
        Differentiate(scores.Elements, weighted.Elements, pair, query, key, keys, means);
        new Product<T>(
            scores.Transposed(), g, sizes.RowsOf<T>(cotangents.Value, pair).From(key.First),
            columns, rows, size, ontoKey).MultiplyAlone();
        new Product<T>(
            weighted, k, sizes.RowsOf<T>(cotangents.Query, pair).From(query.First),
            rows, columns, size, ontoQuery).MultiplyAlone();
        new Product<T>(
            weighted.Transposed(), q, sizes.RowsOf<T>(cotangents.Key, pair).From(key.First),
            columns, rows, size, ontoKey).MultiplyAlone();
    }

    private void Differentiate(
        T[] scores, T[] weighted, int pair, (int First, int Rows) query, (int First, int Columns) key, int keys,
        T[] means)
    {
        T[] logSums = tensors.Normalizers.Elements<T>();
        int sums = tensors.Normalizers.Offset + pair * sizes.Queries + query.First;
        int padded = ScoreRows<T, V>.Padded(key.Columns);
        for (int row = 0; row < query.Rows; row++)
        {
            (int from, int end) = settings.Seen(query.First + row, keys);
            (from, end) = (Math.Max(0, from - key.First), Math.Min(key.Columns, end - key.First));
            int at = row * Block;
            if (from >= end)
            {
                scores.AsSpan(at, key.Columns).Clear();
                weighted.AsSpan(at, key.Columns).Clear();
                continue;
            }
            ScoreRows<T, V>.Mask(scores.AsSpan(at, padded), from, end);
            ScoreRows<T, V>.Differentiate(scores, weighted, at, padded, _scale, logSums[sums + row], means[row]);
        }
    }
}
