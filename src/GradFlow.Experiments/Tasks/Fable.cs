using System.Text;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Writes text with structure near and far: words, verbs that agree with a subject across whatever an aside puts in
/// between, and brackets of three kinds that nest and close in order. Such as "the old cats (that a bird [which sings]
/// sees) sleep."
/// </summary>
internal sealed class Fable
{
    private const int Deepest = 3;

    private static readonly string[] Nouns = ["cat", "dog", "bird", "farmer", "horse", "child's friend"];
    private static readonly string[] Adjectives = ["old", "small", "quiet", "green"];
    private static readonly string[] Transitive = ["see", "like", "follow", "greet"];
    private static readonly string[] Intransitive = ["sing", "sleep", "run", "wait"];
    private static readonly string[] Brackets = ["()", "[]", "{}"];

    private const string Signs = ". \n\"", Particles = "the a some which that say s";

    private readonly RandomKey _key;
    private readonly StringBuilder _text = new();
    private int _draws;

    private Fable(RandomKey key) => _key = key;

    /// <summary>All characters that any text of it may have.</summary>
    public static IEnumerable<char> Characters { get; } = string.Concat(
        [Signs, Particles, .. Nouns, .. Adjectives, .. Transitive, .. Intransitive, .. Brackets]).Distinct();

    /// <summary>So many characters of ASCII; the last sentence breaks off.</summary>
    /// <param name="key">What is random is drawn from it.</param>
    /// <param name="length">How many.</param>
    public static string Write(RandomKey key, int length)
    {
        var text = new StringBuilder(length + 1000);
        for (int i = 0; text.Length < length; i++) text.Append(new Fable(key.At(i)).Sentence());
        return text.ToString(0, length);
    }

    private StringBuilder Sentence()
    {
        if (IsOneIn(5)) Quote();
        else Clause(0);
        return _text.Append(IsOneIn(6) ? ".\n" : ". ");
    }

    private void Quote()
    {
        bool isPlural = Noun(0);
        _text.Append(isPlural ? " say \"" : " says \"");
        Clause(0);
        _text.Append('"');
    }

    private void Clause(int depth)
    {
        bool isPlural = Noun(depth);
        Predicate(isPlural, depth);
    }

    private void Predicate(bool isPlural, int depth)
    {
        bool hasObject = IsOneIn(2);
        _text.Append(' ').Append(Pick(hasObject ? Transitive : Intransitive)).Append(isPlural ? "" : "s");
        if (!hasObject) return;
        _text.Append(' ');
        Noun(depth + 1);
    }

    /// <summary>A noun with what belongs to it; its number decides a verb that may come much later.</summary>
    /// <returns>Whether it is in the plural.</returns>
    private bool Noun(int depth)
    {
        bool isPlural = IsOneIn(2);
        _text.Append(Pick("the", isPlural ? "some" : "a"));
        if (IsOneIn(3)) _text.Append(' ').Append(Pick(Adjectives));
        _text.Append(' ').Append(Pick(Nouns)).Append(isPlural ? "s" : "");
        if (depth < Deepest && IsOneIn(3)) Aside(isPlural, depth + 1);
        return isPlural;
    }

    private void Aside(bool isPlural, int depth)
    {
        string brackets = Pick(Brackets);
        _text.Append(' ').Append(brackets[0]);
        if (IsOneIn(2))
        {
            _text.Append("which");
            Predicate(isPlural, depth);
        }
        else
        {
            _text.Append("that ");
            bool areMany = Noun(depth);
            _text.Append(' ').Append(Pick(Transitive)).Append(areMany ? "" : "s");
        }
        _text.Append(brackets[1]);
    }

    private bool IsOneIn(int n) => _key.Integer(_draws++, n) == 0;

    private string Pick(params string[] choices) => choices[_key.Integer(_draws++, choices.Length)];
}
