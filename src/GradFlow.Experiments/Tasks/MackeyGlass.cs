using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="MackeyGlassSpec"/>: one trajectory each to train and to test on, from constant histories of random
/// height, by Runge and Kutta's method of fourth order with steps of 0.1, sampled at every tenth. The first thousand
/// samples are thrown away; sequences are cut from the rest one after the other and share no sample.
/// </summary>
internal static class MackeyGlass
{
    private const int StepsPerSample = 10, Transient = 1000;
    private const double H = 1.0 / StepsPerSample;

    public static (Dataset Train, Dataset Test) Draw(MackeyGlassSpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Stretches(spec, key, count));

    private static Dataset Stretches(MackeyGlassSpec spec, RandomKey key, int count)
    {
        int length = spec.Length;
        using IEnumerator<double> series = Samples(spec.Tau, 0.5 + key.Uniform(0)).Skip(Transient).GetEnumerator();
        float[] inputs = new float[count * length], targets = new float[count * length];
        float[] stretch = new float[length + spec.Ahead];
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t < stretch.Length; t++)
            {
                series.MoveNext();
                stretch[t] = (float)(spec.Squash ? Math.Tanh(series.Current - 1) : series.Current);
            }

            stretch.AsSpan(0, length).CopyTo(inputs.AsSpan(i * length));
            stretch.AsSpan(spec.Ahead).CopyTo(targets.AsSpan(i * length));
            targets.AsSpan(i * length, spec.Washout).Fill(float.NaN);
        }

        return Dataset.ForRegression(
            inputs, [length, 1], targets, 1,
            traits: new SequenceTraits { TargetsAreLaterInputs = spec.Ahead < length });
    }

    /// <summary>x(0), x(1), … without end; x(t) of t ≤ 0 is the start.</summary>
    internal static IEnumerable<double> Samples(int tau, double start)
    {
        int delay = tau * StepsPerSample;
        double[] values = new double[delay + 1], slopes = new double[delay + 1];
        Array.Fill(values, start);
        double x = start;
        for (long step = 0; ; step++)
        {
            if (step % StepsPerSample == 0) yield return x;
            // The ring's place of this step will be that of the delayed one; behind it lies the one after that.
            int now = (int)(step % (delay + 1)), old = (int)((step + 1) % (delay + 1));
            int next = (int)((step + 2) % (delay + 1));
            values[now] = x;
            double first = Slope(x, values[old]);
            slopes[now] = first;
            // Between two delayed values, the cubic through them and their slopes.
            double middle = ((values[old] + values[next]) / 2) + (H / 8 * (slopes[old] - slopes[next]));
            double second = Slope(x + (H / 2 * first), middle), third = Slope(x + (H / 2 * second), middle);
            double fourth = Slope(x + (H * third), values[next]);
            x += H / 6 * (first + (2 * second) + (2 * third) + fourth);
        }
    }

    private static double Slope(double x, double delayed)
    {
        double square = delayed * delayed, fourth = square * square;
        return (0.2 * delayed / (1 + (fourth * fourth * square))) - (0.1 * x);
    }
}
