using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The entropy of attention's weights, of one sample and head per chunk; only a block of scores is ever held.
/// </summary>
/// <remarks>
/// Of weights p_j = e^(s_j)/Σ e^s it is ln l − t/l, with l = Σ e^(s_j − m) and t = Σ (s_j − m)·e^(s_j − m), m being the
/// largest so far. The scores of linear attention are the logarithms of its products, and m is 0.
/// </remarks>
internal sealed class AttentionRows<T, V>(
    AttentionSizes sizes, AttentionSettings settings, Tensor query, Tensor key, bool isSelf, double[] sums)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    /// <summary>Sums per chunk: of entropies, of their shares, of rows, of rows that have a share.</summary>
    public const int Sums = 4;

    private const int Block = AttentionSizes.Block;
    private readonly T _scale = T.One / T.Sqrt(T.CreateChecked(sizes.Size));
    private readonly bool _isLinear = settings.Kind == AttentionKind.Linear;

    public void Run(int chunk)
    {
        int keys = settings.KeysOf(chunk / sizes.Heads, sizes.Keys), queries = isSelf ? keys : sizes.Queries;
        for (int first = 0; first < queries; first += Block)
        {
            int rows = Math.Min(Block, queries - first);
            T[] state = Scratch<T>.Third(3 * Block);
            state.AsSpan(0, Block).Fill(_isLinear ? T.Zero : T.NegativeInfinity);
            state.AsSpan(Block, 2 * Block).Clear();
            GatherBlock(chunk, first, rows, keys, state);
            for (int row = 0; row < rows; row++) Add(chunk, settings.Seen(first + row, keys), state, row);
        }
    }

    /// <summary>Brings a block of queries to all keys that one of them sees.</summary>
    private void GatherBlock(int chunk, int first, int rows, int keys, T[] state)
    {
        Matrix<T> queries = Mapped(
            sizes.RowsOf<T>(query, chunk).From(first), rows, Scratch<T>.Fourth(Block * sizes.Size));
        T[] scores = Scratch<T>.First(Block * Block);
        int from = settings.Seen(first, keys).From / Block * Block, end = settings.Seen(first + rows - 1, keys).End;
        for (int at = from; at < end; at += Block)
        {
            int columns = Math.Min(Block, keys - at);
            Matrix<T> block = Mapped(
                sizes.RowsOf<T>(key, chunk).From(at), columns, Scratch<T>.Fifth(Block * sizes.Size));
            new Product<T>(
                queries, block.Transposed(), new Matrix<T>(scores, 0, Block, 1), rows, sizes.Size, columns)
                .MultiplyAlone();
            for (int row = 0; row < rows; row++)
            {
                (int seenFrom, int seenEnd) = settings.Seen(first + row, keys);
                (seenFrom, seenEnd) = (Math.Max(0, seenFrom - at), Math.Min(columns, seenEnd - at));
                if (seenFrom >= seenEnd) continue;
                if (_isLinear) GatherLogs(scores.AsSpan(row * Block)[seenFrom..seenEnd], state, row);
                else GatherExponentials(scores, columns, seenFrom, seenEnd, state, row);
            }
        }
    }

    private void GatherExponentials(T[] scores, int columns, int from, int end, T[] state, int row)
    {
        int at = row * Block, padded = ScoreRows<T, V>.Padded(columns);
        ScoreRows<T, V>.Mask(scores.AsSpan(at, padded), from, end);
        T before = state[row], largest = T.Max(before, ScoreRows<T, V>.Largest(scores, at, padded));
        (T sum, T moment) = ScoreRows<T, V>.Moments(scores, at, padded, _scale, largest);
        if (state[Block + row] is var known && known != T.Zero)
        {
            T less = (before - largest) * _scale, factor = T.Exp(less);
            sum += known * factor;
            moment += factor * (state[2 * Block + row] + less * known);
        }
        (state[row], state[Block + row], state[2 * Block + row]) = (largest, sum, moment);
    }

    private static void GatherLogs(ReadOnlySpan<T> products, T[] state, int row)
    {
        foreach (T product in products)
        {
            state[Block + row] += product;
            if (product > T.Zero) state[2 * Block + row] += product * T.Log(product);
        }
    }

    /// <summary>Adds a row's entropy, and of two keys and more its share of the largest there can be.</summary>
    private void Add(int chunk, (int From, int End) seen, T[] state, int row)
    {
        if (seen.From == seen.End) return;
        Span<double> sum = sums.AsSpan(chunk * Sums, Sums);
        double weights = double.CreateTruncating(state[Block + row]);
        double entropy = Math.Log(weights) - double.CreateTruncating(state[2 * Block + row]) / weights;
        sum[0] += entropy;
        sum[2]++;
        if (seen.End - seen.From == 1) return;
        sum[1] += entropy / Math.Log(seen.End - seen.From);
        sum[3]++;
    }

    /// <summary>Rows as scores are made of them: of linear attention φ of them.</summary>
    private Matrix<T> Mapped(Matrix<T> from, int rows, T[] room)
    {
        if (!_isLinear) return from;
        var into = new Matrix<T>(room, 0, sizes.Size, 1);
        for (int row = 0; row < rows; row++)
            Kernels.MapFeatures<T>(from.Stretch(row, sizes.Size), into.Stretch(row, sizes.Size));
        return into;
    }
}
