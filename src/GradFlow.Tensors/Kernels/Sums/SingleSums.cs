namespace GradFlow.Tensors;

/// <summary>
/// The sums of <see cref="BlockSums{V, W}"/> number by number in float64: of what is left over, and of gradients that
/// aren't finite.
/// </summary>
internal static class SingleSums
{
    public static double Squares(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (double value in x) sum += value * value;
        return sum;
    }

    public static double SquaredDifferences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }

    public static WeightSums Weights(ReadOnlySpan<float> w, ReadOnlySpan<float> initial) =>
        new(Squares(w), SquaredDifferences(w, initial));

    public static GradientSums Gradient(ReadOnlySpan<float> g, ReadOnlySpan<float> earlier)
    {
        double squares = 0, magnitudes = 0, largest = 0, dot = 0, old = 0;
        int zeros = 0, nonFinite = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double x = g[i], before = earlier.IsEmpty ? 0 : earlier[i];
            squares += x * x;
            magnitudes += Math.Abs(x);
            largest = Math.Max(largest, Math.Abs(x));
            zeros += x == 0 ? 1 : 0;
            nonFinite += double.IsFinite(x) ? 0 : 1;
            dot += x * before;
            old += before * before;
        }
        return new GradientSums(squares, magnitudes, largest, zeros, nonFinite, dot, old);
    }
}
