using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>The tasks whose point is time: what decides comes early, and the answer is asked for at the end.</summary>
internal static class Sequences
{
    /// <summary>Draws so many sequences.</summary>
    public delegate Dataset Drawing(RandomKey key, int count);

    public static (Dataset Train, Dataset Test) Draw(AgreementSpec spec, long seed)
    {
        Grammar grammar = new(spec.Languages);
        return Draw(spec, seed, (key, count) => Sentences(spec, grammar, key, count));
    }

    public static (Dataset Train, Dataset Test) Draw(AddingSpec spec, long seed) =>
        Draw(spec, seed, (key, count) => Sums(spec, key, count));

    public static (Dataset Train, Dataset Test) Draw(LatchSpec spec, long seed) =>
        Draw(spec, seed, (key, count) => Latches(spec, key, count));

    /// <summary>Draws a task's training and test data, each from randomness of its own.</summary>
    public static (Dataset Train, Dataset Test) Draw(SequenceDataSpec spec, long seed, Drawing draw) =>
        (draw(new RandomKey(seed, spec.EntryName, "train"), spec.Train),
            draw(new RandomKey(seed, spec.EntryName, "test"), spec.Test));

    /// <summary>One-hot words, and at each step the next one, or the language; countries take turns.</summary>
    private static Dataset Sentences(AgreementSpec spec, Grammar grammar, RandomKey key, int count)
    {
        (int least, int most) = (Grammar.StepsFor(spec.Distance.Min), Grammar.StepsFor(spec.Distance.Max));
        int words = grammar.Vocabulary.Count;
        SequenceBuffer sequences = new(count, new LengthRange(least, most), words);
        int[] labels = new int[count * most], languages = new int[count];
        Array.Fill(labels, -1);
        Parallel.For(0, count, i =>
        {
            int steps = sequences.Begin(i, key.At(i));
            int[] sentence = grammar.Write(i % grammar.Countries, spec.Distance.Min + steps - least, key.At(i));
            sentence.AsSpan(1).CopyTo(labels.AsSpan(i * most));
            for (int t = 0; t < steps; t++) sequences.Show(i, t, sentence[t]);
            languages[i] = grammar.LanguageOf(i % grammar.Countries);
        });
        return spec.Predict == AgreementTarget.Language
            ? Dataset.ForClasses(
                sequences.Inputs, sequences.Shape, languages, spec.Languages, spec.LongestDependency,
                traits: sequences.Traits)
            : Dataset.ForClasses(
                sequences.Inputs, sequences.Shape, labels, words, spec.LongestDependency, grammar.Vocabulary,
                sequences.Traits with { TargetsAreLaterInputs = true });
    }

    /// <summary>Two channels: uniform numbers, and 1 at the two to add.</summary>
    private static Dataset Sums(AddingSpec spec, RandomKey key, int count)
    {
        SequenceBuffer sequences = new(count, spec.Length, 2);
        float[] sums = new float[count];
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            int length = sequences.Begin(i, sequence);
            for (int t = 0; t < length; t++)
                sequences[i, t][0] = (float)(spec.From + ((1 - spec.From) * sequence.Uniform(2 + t)));
            int half = length / 2, first = sequence.Integer(0, half);
            int second = half + sequence.Integer(1, length - half);
            sequences[i, first][1] = sequences[i, second][1] = 1;
            sums[i] = sequences[i, first][0] + sequences[i, second][0];
        }

        return Dataset.ForRegression(
            sequences.Inputs, sequences.Shape, sums, 1, spec.LongestDependency, sequences.Traits);
    }

    /// <summary>One channel; classes take turns.</summary>
    private static Dataset Latches(LatchSpec spec, RandomKey key, int count)
    {
        SequenceBuffer sequences = new(count, spec.Length, 1);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            labels[i] = i % 2;
            int length = sequences.Begin(i, sequence);
            for (int t = 0; t < length; t++)
            {
                (int shown, double noise) = t >= spec.Shown
                    ? (0, spec.LaterNoise ?? spec.Noise)
                    : (labels[i] == 1 ? 1 : -1, spec.Noise);
                sequences[i, t][0] = (float)(shown + (noise * sequence.Normal(t)));
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, 2, spec.LongestDependency, traits: sequences.Traits);
    }
}
