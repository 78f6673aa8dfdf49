using System.Globalization;

namespace GradFlow.Experiments;

/// <summary>Numbers in the tour's sentences, rounded to what they mean.</summary>
internal static class TourWords
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A factor from its log10: 0.71, 35 or 10⁻⁷·⁶.</summary>
    public static string Factor(double log)
    {
        if (double.IsNegativeInfinity(log)) return "exactly 0";
        if (double.IsNaN(log)) return "an undefined share";
        if (log is <= -2 or >= 3) return Power(log);
        return Math.Pow(10, log).ToString(log < -1 ? "0.000" : log < 0 ? "0.00" : log < 1 ? "0.0" : "0", Culture);
    }

    /// <summary>10 to a power with one decimal: 10⁻⁷·⁶.</summary>
    public static string Power(double log)
    {
        string digits = log.ToString("0.#", Culture);
        return "10" + string.Concat(digits.Select(c => c switch { '-' => '⁻', '.' => '·', _ => Raised[c - '0'] }));
    }

    /// <summary>Decades with their sign: −0.85, +0.097.</summary>
    public static string Decades(double? decades)
    {
        if (decades is not { } value || double.IsNaN(value)) return "undefined";
        string size = Math.Abs(value).ToString(Math.Abs(value) < 0.2 ? "0.000" : "0.00", Culture);
        return size.All(c => c is '0' or '.') ? "0" : (value < 0 ? "−" : "+") + size;
    }

    /// <summary>A share: 96.4 %.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? (100 * share).ToString("0.0", Culture) + " %" : "nothing";

    /// <summary>A number as it was written: 0.8, 1.</summary>
    public static string Number(double value) => value.ToString("0.###", Culture);

    /// <summary>A whole number with separators.</summary>
    public static string Count(long count) => count.ToString("#,0", Culture);

    /// <summary>Names joined: a, b and c.</summary>
    public static string Join(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => "",
        1 => parts[0],
        _ => string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1],
    };

    private static CultureInfo Culture => CultureInfo.InvariantCulture;
}
