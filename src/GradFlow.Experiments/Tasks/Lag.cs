using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="LagSpec"/>. Channels are x and y, then the others; of open sequences b and e come last. The two
/// kinds of sequence take turns.
/// </summary>
internal static class Lag
{
    private const int Kinds = 2;

    /// <summary>
    /// An open sequence with more distractors beyond the least number is drawn again: one of 0.9⁻⁶⁰, about 550.
    /// </summary>
    private const int MostFurther = 59;

    private const double Further = 0.9;

    public static (Dataset Train, Dataset Test) Draw(LagSpec spec, long seed) => Sequences.Draw(
        spec, seed,
        (key, count) => spec.Variant == LagVariant.Open ? Open(spec, key, count) : Closed(spec, key, count));

    /// <summary>Time steps that there is room for.</summary>
    public static int StepsOf(LagSpec spec) =>
        spec.Variant == LagVariant.Open ? spec.Length + MostFurther + 3 : spec.Length;

    /// <summary>Different symbols.</summary>
    public static int ChannelsOf(LagSpec spec) =>
        spec.Variant == LagVariant.Open ? spec.Length + 4 : spec.Length + 1;

    /// <summary>From the symbol that comes again to the output before it does.</summary>
    public static int LongestDependencyOf(LagSpec spec) =>
        spec.Variant == LagVariant.Open ? StepsOf(spec) - 2 : spec.Length - 1;

    /// <summary>Of a sequence of p + 1 symbols the first p, with the next one as label.</summary>
    private static Dataset Closed(LagSpec spec, RandomKey key, int count)
    {
        int steps = spec.Length, others = steps - 1;
        bool isRandom = spec.Variant == LagVariant.Random;
        SequenceBuffer sequences = new(count, steps, ChannelsOf(spec));
        int[] labels = new int[count * steps];
        for (int i = 0; i < count; i++)
        {
            Span<int> next = labels.AsSpan(i * steps, steps);
            for (int t = 0; t < others; t++) next[t] = Kinds + (isRandom ? key.At(i).Integer(t, others) : t);
            next[^1] = i % Kinds;
            sequences.Show(i, 0, next[^1]);
            for (int t = 1; t < steps; t++) sequences.Show(i, t, next[t - 1]);
        }

        double baseline = (isRandom ? others * Math.Log(others) : 0) + Math.Log(Kinds);
        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, ChannelsOf(spec), spec.LongestDependency,
            traits: new SequenceTraits { BaselineNats = baseline, TargetsAreLaterInputs = true });
    }

    private static Dataset Open(LagSpec spec, RandomKey key, int count)
    {
        int least = spec.Length, begin = Kinds + least, end = begin + 1;
        SequenceBuffer sequences = new(count, new LengthRange(least + 3, StepsOf(spec)), ChannelsOf(spec));
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Kinds;
            RandomKey sequence = key.At(i);
            double share = 1 - (sequence.Uniform(0) * (1 - Math.Pow(Further, MostFurther + 1)));
            int distractors = least + (int)(Math.Log(share) / Math.Log(Further));
            sequences.Begin(i, distractors + 3);
            sequences.Show(i, 0, begin);
            sequences.Show(i, 1, labels[i]);
            for (int k = 0; k < distractors; k++) sequences.Show(i, 2 + k, Kinds + sequence.Integer(1 + k, least));
            sequences.Show(i, 2 + distractors, end);
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, Kinds, spec.LongestDependency,
            traits: sequences.Traits);
    }
}
