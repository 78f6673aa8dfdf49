using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>The entropy of attention's weights, of one sample and head per chunk; no row of weights is ever kept.</summary>
/// <remarks>
/// Of weights p_j = e^(s_j)/Σ e^s it is ln l − t/l, with l = Σ e^(s_j − m) and t = Σ (s_j − m)·e^(s_j − m). The scores of
/// linear attention are the logarithms of its products.
/// </remarks>
internal sealed class AttentionRows<T>(
    AttentionSizes sizes, AttentionSettings settings, Tensor query, Tensor key, bool isSelf, double[] sums)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Sums per chunk: of entropies, of their shares, of rows, of rows that have a share.</summary>
    public const int Sums = 4;

    private readonly double _scale = 1 / Math.Sqrt(sizes.Size);

    public void Run(int chunk)
    {
        int keys = settings.KeysOf(chunk / sizes.Heads, sizes.Keys);
        Matrix<T> q = sizes.RowsOf<T>(query, chunk), k = sizes.RowsOf<T>(key, chunk);
        Span<double> sum = sums.AsSpan(chunk * Sums, Sums);
        for (int row = 0; row < (isSelf ? keys : sizes.Queries); row++)
        {
            (int from, int end) = settings.Seen(row, keys);
            if (from == end) continue;
            double entropy = Entropy(q.Stretch(row, sizes.Size), k, from, end);
            sum[0] += entropy;
            sum[2]++;
            if (end - from == 1) continue;
            sum[1] += entropy / Math.Log(end - from);
            sum[3]++;
        }
    }

    private double Entropy(ReadOnlySpan<T> q, Matrix<T> keys, int from, int end)
    {
        double largest = double.NegativeInfinity, sum = 0, moment = 0;
        for (int j = from; j < end; j++)
        {
            double score = Score(q, keys.Stretch(j, sizes.Size));
            if (score > largest)
            {
                double less = largest - score, factor = Math.Exp(less);
                if (sum > 0) moment = factor * (moment + less * sum);
                sum *= factor;
                largest = score;
            }
            double weight = Math.Exp(score - largest);
            sum += weight;
            if (weight > 0) moment += weight * (score - largest);
        }
        return Math.Log(sum) - moment / sum;
    }

    private double Score(ReadOnlySpan<T> q, ReadOnlySpan<T> k)
    {
        double score = 0;
        bool isLinear = settings.Kind == AttentionKind.Linear;
        for (int j = 0; j < q.Length; j++)
        {
            double a = double.CreateTruncating(q[j]), b = double.CreateTruncating(k[j]);
            score += isLinear ? Feature(a) * Feature(b) : a * b;
        }
        return isLinear ? Math.Log(score) : _scale * score;
    }

    private static double Feature(double x) => x > 0 ? x + 1 : Math.Exp(x);
}
