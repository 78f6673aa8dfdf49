using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Draws <see cref="ReverseSpec"/>; channels and classes are the symbols.</summary>
internal static class Reverse
{
    public static (Dataset Train, Dataset Test) Draw(ReverseSpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Reversed(spec, key, count));

    private static Dataset Reversed(ReverseSpec spec, RandomKey key, int count)
    {
        SequenceBuffer sequences = new(count, spec.Length, spec.Symbols);
        int most = spec.Length.Max;
        int[] labels = new int[count * most];
        Array.Fill(labels, -1);
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            int steps = sequences.Begin(i, sequence), end = (i * most) + steps - 1;
            for (int t = 0; t < steps; t++)
            {
                int symbol = sequence.Integer(t, spec.Symbols);
                sequences.Show(i, t, symbol);
                labels[end - t] = symbol;
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, spec.Symbols, spec.LongestDependency,
            traits: sequences.Traits with { Judged = most });
    }
}
