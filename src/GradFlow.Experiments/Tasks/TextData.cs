using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Parts a text into pieces to train on, to validate and to test with, and these into windows.</summary>
internal static class TextData
{
    /// <summary>
    /// Three pieces in a row, the test part last, each cut into windows that end where the piece does. A window's
    /// labels are its characters moved on by one.
    /// </summary>
    /// <param name="spec">Which text.</param>
    /// <param name="baseFolder">The folder that its path is relative to.</param>
    /// <param name="seed">What is written is drawn from it.</param>
    /// <param name="validationShare">The share of what isn't for testing to hold out.</param>
    /// <exception cref="InvalidExperimentException">The file isn't what it should be, or too short.</exception>
    public static DataSplits Load(TextSpec spec, string baseFolder, long seed, double validationShare)
    {
        string? path = spec.Path is null ? null : TaskData.PlaceOf(spec.Path, baseFolder);
        int[] symbols = path is null ? Written(spec, seed) : TextFile.Read(path, spec.Unit);
        if (spec.Characters < symbols.Length) symbols = symbols[..spec.Characters.Value];
        int test = symbols.Length - (int)Math.Round(symbols.Length * spec.Test);
        int validation = test - (int)Math.Round(test * validationShare);
        Alphabet alphabet = spec.Unit == TextUnit.Byte ? Alphabet.OfBytes
            : path is null ? Alphabet.Of([.. Fable.Characters.Select(c => (int)c)])
            : Alphabet.Of(symbols.AsSpan(0, test));
        int[] numbers = alphabet.NumbersOf(symbols);
        Dataset? Windows(int from, int to) => Cut(numbers, Math.Max(1, from), to, spec.Window, alphabet);
        return (Windows(0, validation), Windows(validation, test), Windows(test, symbols.Length)) is
        ({ } ours, { } held, { } last)
            ? new DataSplits(ours, held, last)
            : throw new InvalidExperimentException(
                path ?? spec.EntryName, null,
                $"has {Words.Count(symbols.Length, Unit(spec))}, which leaves {validation:N0} to train on, "
                    + $"{test - validation:N0} to validate and {symbols.Length - test:N0} to test with; "
                    + $"expected more of each than a 'window', which is {spec.Window:N0}");
    }

    private static string Unit(TextSpec spec) => spec.Unit == TextUnit.Byte ? "byte" : "character";

    /// <summary>ASCII, so that its characters are its bytes.</summary>
    private static int[] Written(TextSpec spec, long seed) => [.. Fable.Write(
        new RandomKey(seed, spec.EntryName), spec.Characters ?? TextSpec.WrittenCharacters).Select(c => (int)c)];

    /// <summary>Windows whose labels fill a piece from its end on; null where not one does.</summary>
    private static Dataset? Cut(int[] numbers, int from, int to, int window, Alphabet alphabet)
    {
        int length = (to - from) / window * window;
        return length == 0
            ? null
            : Dataset.ForTokens(
                numbers[(to - length - 1)..(to - 1)], numbers[(to - length)..to], window, alphabet.Names, "");
    }
}
