using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws <see cref="ReberSpec"/>: B, then T or P in turns, then a string of Reber's grammar, then the same T or P, then
/// E. The net reads all but the last two symbols, and labels are the next ones: the final E, which always follows,
/// isn't asked for, so that the last output is the one that tells whether the second symbol was kept.
/// </summary>
internal static class Reber
{
    /// <summary>The symbols in the order of channels and classes.</summary>
    public const string Symbols = "BTPSXVE";

    /// <summary>Symbols at the end of a string that are not read.</summary>
    public const int Unread = 2;

    private const int Shortest = 9;

    /// <summary>
    /// From each state of the grammar its two arrows, each a symbol and where it leads; none from the end.
    /// </summary>
    private static readonly (char Symbol, int State)[][] Arrows =
    [
        [('T', 1), ('P', 2)], [('S', 1), ('X', 3)], [('T', 2), ('V', 4)], [('X', 2), ('S', 5)], [('P', 3), ('V', 5)],
        [],
    ];

    public static (Dataset Train, Dataset Test) Draw(ReberSpec spec, long seed) =>
        Sequences.Draw(spec, seed, (key, count) => Strings(spec, key, count));

    private static Dataset Strings(ReberSpec spec, RandomKey key, int count)
    {
        LengthRange lengths = new(Shortest - Unread, spec.Longest - Unread);
        SequenceBuffer sequences = new(count, lengths, Symbols.Length);
        int[] labels = new int[count * lengths.Max];
        Array.Fill(labels, -1);
        for (int i = 0; i < count; i++)
        {
            string text = Write(i % 2 == 0 ? 'T' : 'P', spec.Longest, key.At(i));
            sequences.Begin(i, text.Length - Unread);
            for (int t = 0; t < text.Length - Unread; t++)
            {
                sequences.Show(i, t, Symbols.IndexOf(text[t]));
                labels[(i * lengths.Max) + t] = Symbols.IndexOf(text[t + 1]);
            }
        }

        return Dataset.ForClasses(
            sequences.Inputs, sequences.Shape, labels, Symbols.Length, spec.LongestDependency,
            [.. Symbols.Select(symbol => symbol.ToString())], sequences.Traits with { TargetsAreLaterInputs = true });
    }

    private static string Write(char kind, int longest, RandomKey key)
    {
        for (int attempt = 0; ; attempt++)
        {
            List<char> text = ['B', kind, 'B'];
            RandomKey walk = key.At(attempt);
            for (int state = 0; Arrows[state].Length > 0;)
            {
                (char symbol, state) = Arrows[state][walk.Integer(text.Count, 2)];
                text.Add(symbol);
            }

            text.AddRange(['E', kind, 'E']);
            if (text.Count <= longest) return string.Concat(text);
        }
    }
}
