using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="MultiplicationSpec"/>: numbers uniform on [0, 1] in the first channel, marks in the second. One of
/// the first ten is marked by 1, then one of the first length/2 − 1 that are still unmarked, by the shortest length;
/// the first and the last step are marked by −1, unless the first is one of the two, whose number is then 1.
/// </summary>
internal static class Multiplication
{
    private const int FirstOf = 10;

    public static (Dataset Train, Dataset Test) Draw(MultiplicationSpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Products(spec, key, count));

    private static Dataset Products(MultiplicationSpec spec, RandomKey key, int count)
    {
        LengthRange lengths = spec.Length;
        SequenceBuffer sequences = new(count, lengths, 2);
        float[] products = new float[count];
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            int length = sequences.Begin(i, sequence);
            for (int t = 0; t < length; t++) sequences[i, t][0] = (float)sequence.Uniform(2 + t);
            int half = lengths.Min / 2, first = sequence.Integer(0, Math.Min(FirstOf, half));
            int second = sequence.Integer(1, half - 1);
            if (second >= first) second++;
            sequences[i, 0][1] = sequences[i, length - 1][1] = -1;
            sequences[i, first][1] = sequences[i, second][1] = 1;
            if (first == 0 || second == 0) sequences[i, 0][0] = 1;
            products[i] = sequences[i, first][0] * sequences[i, second][0];
        }

        return Dataset.ForRegression(
            sequences.Inputs, sequences.Shape, products, 1, spec.LongestDependency, sequences.Traits);
    }
}
