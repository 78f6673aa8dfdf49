using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="CopySpec"/>. Inputs are the symbols, length − 1 blanks, the delimiter and as many blanks as there
/// were symbols; labels are blanks, and the symbols behind the delimiter. Channels and classes are the symbols, then
/// the blank; inputs have the delimiter last.
/// </summary>
internal static class CopyMemory
{
    public static (Dataset Train, Dataset Test) Draw(CopySpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Copies(spec, key, count));

    private static Dataset Copies(CopySpec spec, RandomKey key, int count)
    {
        int remember = spec.Remember, blank = spec.Symbols, delimiter = blank + 1;
        int asked = remember + spec.Length - 1, steps = asked + 1 + remember;
        SequenceBuffer sequences = new(count, steps, spec.Symbols + 2);
        int[] labels = new int[count * steps];
        Array.Fill(labels, blank);
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            for (int t = 0; t < steps; t++)
            {
                int symbol = t < remember ? sequence.Integer(t, spec.Symbols) : t == asked ? delimiter : blank;
                sequences.Show(i, t, symbol);
                if (t < remember) labels[(i * steps) + asked + 1 + t] = symbol;
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, blank + 1, asked + 1,
            traits: new SequenceTraits { Judged = remember, BaselineLoss = remember * Math.Log(spec.Symbols) / steps });
    }
}
