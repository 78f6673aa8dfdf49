using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="Narma10Spec"/>: u as input, y(t+1) as target at step t, all zero before the first step. The rare
/// sequence whose output leaves [0, 1], from where it grows without bound, is drawn again.
/// </summary>
internal static class Narma10
{
    private const int Order = 10;

    public static (Dataset Train, Dataset Test) Draw(Narma10Spec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Filtered(spec, key, count));

    private static Dataset Filtered(Narma10Spec spec, RandomKey key, int count)
    {
        int length = spec.Length;
        float[] inputs = new float[count * length], targets = new float[count * length];
        for (int i = 0; i < count; i++)
        {
            Span<float> u = inputs.AsSpan(i * length, length), y = targets.AsSpan(i * length, length);
            for (int attempt = 0; !IsFiltered(key.At(i).At(attempt), u, y); attempt++) { }
            y[..spec.Washout].Fill(float.NaN);
        }

        return Dataset.ForRegression(inputs, [length, 1], targets, 1, spec.LongestDependency);
    }

    /// <summary>Fills u and, at t, y(t+1); false where that leaves [0, 1].</summary>
    private static bool IsFiltered(RandomKey key, Span<float> u, Span<float> y)
    {
        double last = 0, sum = 0;
        for (int t = 0; t < u.Length; t++)
        {
            u[t] = (float)(key.Uniform(t) / 2);
            double early = t >= Order - 1 ? u[t - Order + 1] : 0;
            double next = (0.3 * last) + (0.05 * last * sum) + (1.5 * early * u[t]) + 0.1;
            if (next > 1) return false;
            y[t] = (float)next;
            // The sum of the last ten outputs: y(t−9) goes, which stands at t−10, and y(t+1) comes.
            sum += next - (t >= Order ? y[t - Order] : 0);
            last = next;
        }

        return true;
    }
}
