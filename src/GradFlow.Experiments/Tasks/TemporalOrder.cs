using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="TemporalOrderSpec"/>. Channels are X and Y, then the distractors a, b, c, d, then E and B where the
/// variant has them. A class is the number whose binary digits, the first the highest, are 0 for X and 1 for Y.
/// </summary>
internal static class TemporalOrder
{
    private const int Asked = 2, Distractors = 4, Start = Asked + Distractors, End = Start + 1;

    public static (Dataset Train, Dataset Test) Draw(TemporalOrderSpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Orders(spec, key, count));

    /// <summary>The number of symbols.</summary>
    public static int Alphabet(TemporalOrderVariant variant) =>
        Asked + Distractors + (HasEnds(variant) ? 2 : 0);

    /// <summary>From the earliest place of the first X or Y to the end.</summary>
    public static int LongestDependencyOf(TemporalOrderSpec spec) =>
        spec.Length.Max - 1 - (Stretches(spec)[0] * Measure(spec, spec.Length.Max) / 100);

    private static bool HasEnds(TemporalOrderVariant variant) => variant == TemporalOrderVariant.Hochreiter;

    /// <summary>Where, in hundredths of the length, the stretch begins in which each X or Y stands.</summary>
    private static int[] Stretches(TemporalOrderSpec spec) => (spec.Variant, spec.Symbols) switch
    {
        (TemporalOrderVariant.Hochreiter, 2) => [10, 50],
        (TemporalOrderVariant.Hochreiter, _) => [10, 33, 66],
        (_, 2) => [10, 40],
        _ => [10, 30, 60],
    };

    /// <summary>Classes take turns.</summary>
    private static Dataset Orders(TemporalOrderSpec spec, RandomKey key, int count)
    {
        SequenceBuffer sequences = new(count, spec.Length, Alphabet(spec.Variant));
        int[] labels = new int[count];
        int[] stretches = Stretches(spec);
        int classes = 1 << stretches.Length;
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % classes;
            int length = sequences.Begin(i, key.At(i));
            int[] symbols = Symbols(spec, length, stretches, labels[i], key.At(i));
            for (int t = 0; t < length; t++) sequences.Show(i, t, symbols[t]);
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, classes, spec.LongestDependency,
            traits: sequences.Traits);
    }

    /// <summary>What stretches are hundredths of: the original's stand where they do whatever the length.</summary>
    private static int Measure(TemporalOrderSpec spec, int length) => HasEnds(spec.Variant) ? spec.Length.Min : length;

    private static int[] Symbols(TemporalOrderSpec spec, int length, int[] stretches, int label, RandomKey key)
    {
        int[] symbols = new int[length];
        int measure = Measure(spec, length);
        for (int t = 0; t < length; t++) symbols[t] = Asked + key.Integer(t, Distractors);
        for (int k = 0; k < stretches.Length; k++)
        {
            int first = stretches[k] * measure / 100, last = (stretches[k] + 10) * measure / 100;
            symbols[first + key.Integer(length + k, last - first + 1)] = (label >> (stretches.Length - 1 - k)) & 1;
        }

        if (HasEnds(spec.Variant)) (symbols[0], symbols[^1]) = (Start, End);
        return symbols;
    }
}
