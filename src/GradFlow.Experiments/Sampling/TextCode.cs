using System.Text;

namespace GradFlow.Experiments;

/// <summary>
/// Turns text into the numbers of a vocabulary and back: characters, bytes, or words with spaces between.
/// </summary>
internal sealed class TextCode
{
    private const int MostListed = 100, MostStrangers = 10;

    private readonly IReadOnlyList<string> _vocabulary;
    private readonly bool _areWords;
    private readonly Dictionary<string, int> _numbers;

    /// <summary>The code of a text that a net has learned.</summary>
    /// <param name="data">Its samples, which have a vocabulary.</param>
    /// <param name="spec">Which data they are.</param>
    public TextCode(Dataset data, DataSpec spec)
    {
        _vocabulary = data.Vocabulary!;
        _areWords = data.Separator.Length > 0;
        AreBytes = spec is TextSpec { Unit: TextUnit.Byte };
        _numbers = _vocabulary.Index().ToDictionary(word => word.Item, word => word.Index);
    }

    /// <summary>The number that stands for what the vocabulary lacks and is never written; null if none does.</summary>
    public int? Unknown =>
        !_areWords && !AreBytes && _numbers.TryGetValue(Alphabet.Unknown, out int number) ? number : null;

    /// <summary>Whether the numbers are bytes.</summary>
    public bool AreBytes { get; }

    /// <summary>
    /// What a text begins with that follows from nothing: a new line, or the first of the vocabulary.
    /// </summary>
    public string Opening => _numbers.ContainsKey("\n") ? "\n" : _vocabulary[0];

    /// <summary>The numbers of a text.</summary>
    /// <exception cref="ArgumentException">It has what the vocabulary lacks.</exception>
    public int[] Encode(string text)
    {
        if (AreBytes) return [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)];
        IEnumerable<string> pieces = _areWords
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : text.EnumerateRunes().Select(rune => rune.ToString());
        string[] all = [.. pieces];
        string[] strangers = [.. all.Where(piece => !IsKnown(piece)).Distinct()];
        return strangers.Length == 0
            ? Array.ConvertAll(all, piece => _numbers[piece])
            : throw new ArgumentException($"has {string.Join(", ", strangers.Take(MostStrangers).Select(Words.Quote))}"
                + $"{(strangers.Length > MostStrangers ? ", …" : "")}, which the text that was trained on lacks; "
                + Known(strangers[0]));
    }

    private bool IsKnown(string piece) => _numbers.TryGetValue(piece, out int number) && number != Unknown;

    private string Known(string piece) => _areWords
        ? Words.Suggest(piece, _vocabulary)
        : "expected its characters alone: " + string.Concat(_vocabulary
            .Where((character, number) => number != Unknown && !string.IsNullOrWhiteSpace(character)).Take(MostListed));

    /// <summary>
    /// The text of numbers, piece by piece: joined, the pieces are the text, with blanks between words. Bytes that are
    /// no UTF-8 become replacement characters.
    /// </summary>
    public IEnumerable<string> Decode(IEnumerable<int> numbers) => AreBytes
        ? DecodeBytes(numbers)
        : numbers.Select((number, i) => _areWords && i > 0 ? " " + _vocabulary[number] : _vocabulary[number]);

    /// <summary>Characters as soon as their last byte is known.</summary>
    private static IEnumerable<string> DecodeBytes(IEnumerable<int> numbers)
    {
        Decoder decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[Encoding.UTF8.GetMaxCharCount(1)];
        string Next(byte[] bytes, bool flush) =>
            new(characters, 0, decoder.GetChars(bytes, 0, bytes.Length, characters, 0, flush));
        foreach (int number in numbers)
            if (Next([(byte)number], flush: false) is { Length: > 0 } piece)
                yield return piece;
        if (Next([], flush: true) is { Length: > 0 } rest) yield return rest;
    }

    /// <summary>A text with what was written on.</summary>
    public string Join(string text, string more) => _areWords && text.Length > 0 ? $"{text} {more}" : text + more;
}
