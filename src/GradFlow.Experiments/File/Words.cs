namespace GradFlow.Experiments;

/// <summary>The wording of messages about names and values.</summary>
internal static class Words
{
    private const int MaxQuoted = 40;
    private const int MaxListed = 80;
    private const int MaxLetters = 300;

    /// <summary>The text between quotes, cut where it is long.</summary>
    public static string Quote(string text) => $"'{Cut(text)}'";

    private static string Cut(string text) => text.Length <= MaxQuoted ? text : text[..MaxQuoted] + "…";

    /// <summary>A number with its noun: <c>1 row</c>, <c>1,000 rows</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="noun">The singular; its plural ends in s, or in es after an s.</param>
    public static string Count(long number, string noun) =>
        $"{number:N0} {noun}{(number == 1 ? "" : noun.EndsWith('s') ? "es" : "s")}";

    /// <summary>A sample's shape: <c>1×28×28</c>.</summary>
    public static string Shape(IEnumerable<int> extents) => string.Join('×', extents);

    /// <summary>What a node is, for "found …".</summary>
    public static string Describe(Node node) => node switch
    {
        ScalarNode { IsQuoted: false, Text: "" } => "nothing",
        ScalarNode { IsQuoted: true } scalar => $"the text {Quote(scalar.Text)}",
        ScalarNode scalar => Quote(scalar.Text),
        SequenceNode => "a list",
        _ => "a map",
    };

    /// <summary>
    /// The end of a message about an unknown name: the nearest known one, if any is near, and all of them, or of very
    /// many those that are most like it.
    /// </summary>
    public static string Suggest(string name, IReadOnlyList<string> known)
    {
        string? nearest = Nearest(name, known);
        List<string> listed = [.. known.Take(MaxListed).Select(Cut)];
        if (listed.Sum(k => k.Length) > MaxLetters) listed = MostAlike(Cut(name).ToLowerInvariant(), listed);
        string all = "expected one of: " + string.Join(", ", listed) + (known.Count > listed.Count ? ", …" : "");
        return nearest is null ? all : $"did you mean '{nearest}'? {all}";
    }

    /// <summary>As many as a line holds, in the order given.</summary>
    private static List<string> MostAlike(string name, List<string> known)
    {
        int letters = 0;
        HashSet<string> alike =
            [.. known.OrderBy(k => Distance(name, k)).TakeWhile(k => (letters += k.Length) <= MaxLetters)];
        return [.. known.Where(alike.Contains)];
    }

    private static string? Nearest(string name, IReadOnlyList<string> known)
    {
        if (name.Length is 0 or > MaxQuoted)
            return null;
        string asked = name.ToLowerInvariant().Replace('_', '-');
        var best = known.Where(k => k.Length <= 2 * MaxQuoted)
            .Select(k => (Name: k, Distance: Distance(asked, k)))
            .OrderBy(k => k.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance < best.Name.Length
            && best.Distance <= Math.Max(1, best.Name.Length / 3)
                ? best.Name
                : null;
    }

    /// <summary>
    /// Edits (insertions, deletions, replacements, swaps of neighbours) from one word to another: the restricted
    /// distance of Damerau 1964 and Levenshtein 1966.
    /// </summary>
    internal static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
