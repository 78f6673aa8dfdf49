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
        LengthRange lengths = new(spec.Length.Min + (2 * remember), spec.Length.Max + (2 * remember));
        SequenceBuffer sequences = new(count, lengths, spec.Symbols + 2);
        int[] labels = new int[count * lengths.Max];
        Array.Fill(labels, -1);
        for (int i = 0; i < count; i++)
        {
            RandomKey sequence = key.At(i);
            int steps = sequences.Begin(i, sequence), asked = steps - remember - 1;
            Span<int> own = labels.AsSpan(i * lengths.Max, steps);
            own.Fill(blank);
            for (int t = 0; t < steps; t++)
            {
                int symbol = t < remember ? sequence.Integer(t, spec.Symbols) : t == asked ? delimiter : blank;
                sequences.Show(i, t, symbol);
                if (t < remember) own[asked + 1 + t] = symbol;
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, blank + 1, spec.LongestDependency,
            traits: sequences.Traits with { Judged = remember, BaselineNats = remember * Math.Log(spec.Symbols) });
    }
}
