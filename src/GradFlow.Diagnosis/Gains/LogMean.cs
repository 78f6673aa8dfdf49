namespace GradFlow.Diagnosis.Gains;

/// <summary>
/// Averages logarithms of which some may be −∞ (an exact zero), undefined (NaN) or not measured (null), so that one
/// exact zero does not swallow a whole window.
/// </summary>
internal static class LogMean
{
    /// <summary>
    /// −∞ where at least half of the defined values are; else the mean of the finite ones; null where there is none.
    /// </summary>
    public static double? Of(IEnumerable<double?> values)
    {
        double sum = 0;
        int finite = 0, zeros = 0;
        foreach (double? value in values)
        {
            if (value is not { } v || double.IsNaN(v) || double.IsPositiveInfinity(v)) continue;
            if (double.IsNegativeInfinity(v)) zeros++;
            else (sum, finite) = (sum + v, finite + 1);
        }
        if (zeros > 0 && zeros >= finite) return double.NegativeInfinity;
        return finite > 0 ? sum / finite : null;
    }

    /// <summary>The entry at an index, null where the array or the entry is missing.</summary>
    public static double? At(this IReadOnlyList<double?>? values, int index) =>
        values is not null && (uint)index < (uint)values.Count ? values[index] : null;

    /// <summary>first − last; null where either is missing or undefined, or both are exact zeros.</summary>
    public static double? Difference(double? first, double? last) =>
        first - last is { } difference && !double.IsNaN(difference) && !double.IsPositiveInfinity(difference)
            ? difference
            : null;
}
