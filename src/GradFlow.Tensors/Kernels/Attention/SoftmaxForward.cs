using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Softmax attention of one block of queries of a sample and head per chunk: scores of one block of keys after the
/// other, with a running maximum and sum per query (Milakov &amp; Gimelshein 2018; Rabe &amp; Staats 2021), so that
/// only a block of them is ever held.
/// </summary>
internal sealed class SoftmaxForward<T, V>(
    AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors) : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private const int Block = AttentionSizes.Block;
    private readonly T _scale = T.One / T.Sqrt(T.CreateChecked(sizes.Size));

    public void Run(int chunk)
    {
        int pair = chunk / sizes.QueryBlocks, first = chunk % sizes.QueryBlocks * Block;
        int rows = Math.Min(Block, sizes.Queries - first), keys = settings.KeysOf(pair / sizes.Heads, sizes.Keys);
        Matrix<T> y = sizes.RowsOf<T>(tensors.Output, pair).From(first);
        T[] scores = Scratch<T>.First(Block * Block), state = Scratch<T>.Third(2 * Block);
        state.AsSpan(0, Block).Fill(T.NegativeInfinity);
        state.AsSpan(Block, Block).Clear();
        int from = settings.Seen(first, keys).From / Block * Block, end = settings.Seen(first + rows - 1, keys).End;
        for (int key = from; key < end; key += Block)
        {
            int columns = Math.Min(Block, keys - key);
            new Product<T>(
                sizes.RowsOf<T>(tensors.Query, pair).From(first),
                sizes.RowsOf<T>(tensors.Key, pair).From(key).Transposed(),
                new Matrix<T>(scores, 0, Block, 1), rows, sizes.Size, columns).MultiplyAlone();
            for (int row = 0; row < rows; row++)
            {
                (int seenFrom, int seenEnd) = settings.Seen(first + row, keys);
                Weigh(scores, state, row, columns, seenFrom - key, seenEnd - key, y);
            }
            new Product<T>(
                new Matrix<T>(scores, 0, Block, 1), sizes.RowsOf<T>(tensors.Value, pair).From(key), y,
                rows, columns, sizes.Size, ontoC: key > from).MultiplyAlone();
        }
        T[] logSums = tensors.Normalizers.Elements<T>();
        int at = tensors.Normalizers.Offset + pair * sizes.Queries + first;
        for (int row = 0; row < rows; row++) logSums[at + row] = Finish(state, row, y.Stretch(row, sizes.Size));
    }

    /// <summary>Turns a row of scores into weights that have yet to be divided by their sum.</summary>
    private void Weigh(T[] scores, T[] state, int row, int columns, int from, int end, Matrix<T> y)
    {
        int at = row * Block, padded = ScoreRows<T, V>.Padded(columns);
        (from, end) = (Math.Max(0, from), Math.Min(columns, end));
        if (from >= end)
        {
            scores.AsSpan(at, columns).Clear();
            return;
        }
        ScoreRows<T, V>.Mask(scores.AsSpan(at, padded), from, end);
        T before = state[row], largest = T.Max(before, ScoreRows<T, V>.Largest(scores, at, padded) * _scale);
        T sum = ScoreRows<T, V>.Exponentials(scores, at, padded, _scale, largest);
        if (state[Block + row] != T.Zero)
        {
            T factor = T.Exp(before - largest);
            sum += state[Block + row] * factor;
            ScoreRows<T, V>.Scale(y.Stretch(row, sizes.Size), factor);
        }
        (state[row], state[Block + row]) = (largest, sum);
    }

    /// <summary>Divides by the sum of the weights; a query that sees no key gets zeros.</summary>
    private static T Finish(T[] state, int row, Span<T> y)
    {
        T sum = state[Block + row];
        if (sum == T.Zero)
        {
            y.Clear();
            return T.NegativeInfinity;
        }
        ScoreRows<T, V>.Scale(y, T.One / sum);
        return state[row] + T.Log(sum);
    }
}
