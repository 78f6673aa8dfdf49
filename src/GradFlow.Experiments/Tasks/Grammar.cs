using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Sentences such as "i grew up in peru . the old cat sleeps . they see a dog . i speak spanish": the last word follows
/// from the country alone, and all else from the words just before, since subjects agree with their articles and verbs.
/// </summary>
internal sealed class Grammar
{
    private const string Opening = "i grew up in";
    private const string Ending = "i speak";
    private const string End = ".";

    private const string CommonWords =
        "i grew up in speak . she they a some the old small cat dog bird cats dogs birds "
        + "sings sleeps sing sleep sees likes see like";

    private static readonly string[] Singular = ["cat", "dog", "bird"], Plural = ["cats", "dogs", "birds"];
    private static readonly string[] Adjectives = ["old", "small"];
    private static readonly string[] Transitive = ["see", "like"], Intransitive = ["sing", "sleep"];

    private static readonly (string Language, string[] Countries)[] Tongues =
    [
        ("french", ["france", "senegal"]), ("german", ["germany", "austria"]), ("spanish", ["spain", "peru"]),
        ("portuguese", ["portugal", "brazil"]), ("arabic", ["egypt", "morocco"]), ("greek", ["greece", "cyprus"]),
        ("english", ["australia", "jamaica"]), ("swahili", ["kenya", "tanzania"]),
    ];

    /// <summary>What a clause is made of, its full stop not counted, with the number of words.</summary>
    private static readonly (int Subject, int Predicate)[] Clauses =
        [(1, 1), (2, 1), (3, 1), (1, 3), (2, 3), (3, 3), (1, 4), (2, 4), (3, 4)];

    private const int ShortestClause = 3;

    private readonly string[] _vocabulary;
    private readonly Dictionary<string, int> _numbers;
    private readonly int _languages;

    /// <summary>The grammar with the first of the languages.</summary>
    public Grammar(int languages)
    {
        _languages = languages;
        _vocabulary =
        [
            .. CommonWords.Split(' '),
            .. Tongues.Take(languages).SelectMany(tongue => tongue.Countries),
            .. Tongues.Take(languages).Select(tongue => tongue.Language),
        ];
        _numbers = _vocabulary.Index().ToDictionary(word => word.Item, word => word.Index);
    }

    /// <summary>All words, in the order in which they are numbered.</summary>
    public IReadOnlyList<string> Vocabulary => _vocabulary;

    /// <summary>The countries; any number of sentences takes them in turns.</summary>
    public int Countries => 2 * _languages;

    /// <summary>The number of the language that a country's people speak.</summary>
    public int LanguageOf(int country) => country % _languages;

    /// <summary>The words that the grammar has.</summary>
    public static int VocabularySize(int languages) => CommonWords.Split(' ').Length + (3 * languages);

    /// <summary>The inputs of a sentence: all of its words but the last.</summary>
    /// <param name="distance">Time steps from the country to the last input.</param>
    public static int StepsFor(int distance) => Opening.Split(' ').Length + 1 + distance;

    /// <summary>The numbers of a random sentence's words, the language at the end.</summary>
    public int[] Write(int country, int distance, RandomKey key)
    {
        (string language, string[] countries) = Tongues[LanguageOf(country)];
        List<string> words = [.. Opening.Split(' '), countries[country / _languages], End];
        string[] ending = [.. Ending.Split(' '), language];
        new Speaker(key, words).FillUpTo(StepsFor(distance) + 1 - ending.Length);
        return [.. words.Concat(ending).Select(word => _numbers[word])];
    }

    /// <summary>Says clauses at random.</summary>
    private sealed class Speaker(RandomKey key, List<string> words)
    {
        private int _draws;

        public void FillUpTo(int count)
        {
            while (words.Count < count)
            {
                int left = count - words.Count;
                Say(Pick(Clauses.Where(c => LeavesRoom(left - c.Subject - c.Predicate - 1)).ToArray()));
            }
        }

        private static bool LeavesRoom(int left) => left is 0 or >= ShortestClause;

        private void Say((int Subject, int Predicate) clause)
        {
            bool isPlural = Pick(false, true);
            if (clause.Subject == 1)
                words.Add(isPlural ? "they" : "she");
            else
                SayNoun(isPlural, clause.Subject == 3);
            words.Add(Pick(clause.Predicate > 1 ? Transitive : Intransitive) + (isPlural ? "" : "s"));
            if (clause.Predicate > 1)
                SayNoun(Pick(false, true), clause.Predicate == 4);
            words.Add(End);
        }

        private void SayNoun(bool isPlural, bool hasAdjective)
        {
            words.Add(Pick("the", isPlural ? "some" : "a"));
            if (hasAdjective)
                words.Add(Pick(Adjectives));
            words.Add(Pick(isPlural ? Plural : Singular));
        }

        private T Pick<T>(params T[] choices) => choices[key.Integer(_draws++, choices.Length)];
    }
}
