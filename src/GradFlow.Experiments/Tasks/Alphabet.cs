using System.Globalization;
using System.Text;

namespace GradFlow.Experiments;

/// <summary>The characters or bytes that a text is made of, numbered in a fixed order.</summary>
internal sealed class Alphabet
{
    /// <summary>The name of the entry for characters that the text lacks: Unicode's replacement character.</summary>
    public const string Unknown = "\uFFFD";

    private const int Bytes = 256;

    private readonly Dictionary<int, int> _numbers;

    private Alphabet(IEnumerable<int> symbols, IReadOnlyList<string> names)
    {
        _numbers = symbols.Index().ToDictionary(symbol => symbol.Item, symbol => symbol.Index);
        Names = names;
    }

    /// <summary>What each number stands for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All bytes: those of ASCII's letters and signs by themselves, others such as <c>\xe9</c>.</summary>
    public static Alphabet OfBytes { get; } =
        new(Enumerable.Range(0, Bytes), [.. Enumerable.Range(0, Bytes).Select(NameOf)]);

    /// <summary>The characters of a text by their code points, and behind them one entry for all others.</summary>
    /// <param name="codePoints">The text.</param>
    public static Alphabet Of(ReadOnlySpan<int> codePoints)
    {
        var seen = new SortedSet<int>();
        foreach (int codePoint in codePoints) seen.Add(codePoint);
        seen.Remove(Rune.ReplacementChar.Value);
        return new Alphabet(seen, [.. seen.Select(codePoint => new Rune(codePoint).ToString()), Unknown]);
    }

    /// <summary>Each symbol's number.</summary>
    /// <param name="symbols">Code points or bytes.</param>
    public int[] NumbersOf(ReadOnlySpan<int> symbols)
    {
        int[] numbers = new int[symbols.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = _numbers.GetValueOrDefault(symbols[i], Names.Count - 1);
        return numbers;
    }

    private static string NameOf(int value) => value is >= ' ' and <= '~' or '\n'
        ? ((char)value).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}");
}
