namespace GradFlow.Experiments;

/// <summary>Lays two lists beside each other at the least cost.</summary>
internal static class Alignment
{
    /// <summary>The cost of leaving an entry without a partner.</summary>
    public const double Unpaired = 1;

    private const long MaxTable = 4_000_000;

    /// <summary>
    /// Pairs entries in order; −1 stands for none. The cost of a pair is asked for; infinite where it can't be.
    /// </summary>
    public static IReadOnlyList<(int Before, int After)> Of<T>(
        IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, T, double> cost)
    {
        int start = 0, ends = 0, shorter = Math.Min(before.Count, after.Count);
        while (start < shorter && Equals(before[start], after[start]))
            start++;
        while (ends < shorter - start && Equals(before[before.Count - 1 - ends], after[after.Count - 1 - ends]))
            ends++;

        int n = before.Count - start - ends, m = after.Count - start - ends;
        List<(int, int)> pairs = [.. Enumerable.Range(0, start).Select(i => (i, i))];
        pairs.AddRange((long)n * m > MaxTable
            ? [.. Enumerable.Range(start, n).Select(i => (i, -1)), .. Enumerable.Range(start, m).Select(j => (-1, j))]
            : Middle(start, n, m, (i, j) => cost(before[i], after[j])));
        pairs.AddRange(Enumerable.Range(1, ends).Reverse().Select(k => (before.Count - k, after.Count - k)));
        return pairs;
    }

    private static IEnumerable<(int, int)> Middle(int start, int n, int m, Func<int, int, double> cost)
    {
        double[,] rest = new double[n + 1, m + 1];
        for (int i = n; i >= 0; i--)
        {
            for (int j = m; j >= 0; j--)
            {
                double alone = Math.Min(
                    i < n ? rest[i + 1, j] + Unpaired : double.PositiveInfinity,
                    j < m ? rest[i, j + 1] + Unpaired : double.PositiveInfinity);
                double paired = i < n && j < m
                    ? rest[i + 1, j + 1] + cost(start + i, start + j)
                    : double.PositiveInfinity;
                rest[i, j] = i == n && j == m ? 0 : Math.Min(alone, paired);
            }
        }

        for (int i = 0, j = 0; i < n || j < m;)
        {
            if (i < n && rest[i, j] == rest[i + 1, j] + Unpaired)
                yield return (start + i++, -1);
            else if (j < m && rest[i, j] == rest[i, j + 1] + Unpaired)
                yield return (-1, start + j++);
            else
                yield return (start + i++, start + j++);
        }
    }
}
