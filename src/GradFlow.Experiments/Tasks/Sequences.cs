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
        return Draw(spec, seed, (key, count) => Sentences(grammar, spec.Distance, key, count));
    }

    public static (Dataset Train, Dataset Test) Draw(AddingSpec spec, long seed) =>
        Draw(spec, seed, (key, count) => Sums(spec, key, count));

    public static (Dataset Train, Dataset Test) Draw(LatchSpec spec, long seed) =>
        Draw(spec, seed, (key, count) => Latches(spec, key, count));

    /// <summary>Draws a task's training and test data, each from randomness of its own.</summary>
    public static (Dataset Train, Dataset Test) Draw(SequenceDataSpec spec, long seed, Drawing draw) =>
        (draw(new RandomKey(seed, spec.EntryName, "train"), spec.Train),
            draw(new RandomKey(seed, spec.EntryName, "test"), spec.Test));

    /// <summary>One-hot words, and at each step the word that comes next; countries take turns.</summary>
    private static Dataset Sentences(Grammar grammar, int distance, RandomKey key, int count)
    {
        int steps = Grammar.StepsFor(distance), words = grammar.Vocabulary.Count;
        float[] inputs = new float[count * steps * words];
        int[] labels = new int[count * steps];
        Parallel.For(0, count, i =>
        {
            int[] sentence = grammar.Write(i % grammar.Countries, distance, key.At(i));
            sentence.AsSpan(1).CopyTo(labels.AsSpan(i * steps));
            for (int t = 0; t < steps; t++)
                inputs[(((i * steps) + t) * words) + sentence[t]] = 1;
        });
        return Dataset.ForClasses(inputs, [steps, words], labels, words, distance, grammar.Vocabulary);
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
                int shown = t >= spec.Shown ? 0 : labels[i] == 1 ? 1 : -1;
                sequences[i, t][0] = (float)(shown + (spec.Noise * sequence.Normal(t)));
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, 2, spec.LongestDependency, traits: sequences.Traits);
    }
}
