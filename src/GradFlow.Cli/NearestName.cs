namespace GradFlow.Cli;

/// <summary>Guesses which name was meant.</summary>
internal static class NearestName
{
    /// <summary>The end of a line about an unknown name: the nearest known one, if any is near, and all.</summary>
    public static string Among(IReadOnlyList<string> names, string asked)
    {
        string nearest = names.MinBy(name => Distance(asked, name))!;
        bool isNear = Distance(asked, nearest) <= Math.Max(1, nearest.Length / 3);
        return (isNear ? $" did you mean '{nearest}'?" : "") + " expected one of: " + string.Join(", ", names);
    }

    /// <summary>Insertions, deletions and replacements from one word to the other (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(row[j - 1], above[j]) + 1);
            }
            above = row;
        }
        return above[^1];
    }
}
