using System.Globalization;
using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>Numbers as people read them, rounded to what they mean.</summary>
internal static class Numbers
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private const string NotMeasured = "–";

    /// <summary>Decades with their sign: −0.61, +2.00, −634.</summary>
    public static string Decades(double? decades)
    {
        if (decades is not { } value) return NotMeasured;
        if (!double.IsFinite(value)) return NonFinite(value);
        double size = Math.Abs(value);
        string digits = Text(size, size < 10 ? "0.00" : size < 100 ? "0.0" : "#,0");
        return digits.All(c => c is '0' or '.') ? digits : (value < 0 ? "−" : "+") + digits;
    }

    /// <summary>
    /// Decades per time step, which add up over many: below 0.1 with two digits that count, such as −0.016.
    /// </summary>
    public static string PerStep(double? decades) =>
        decades is { } value && Math.Abs(value) is >= 1e-6 and < 0.0995
            ? (value < 0 ? "−" : "+")
                + Text(Math.Abs(value), "0.0" + new string('#', -(int)Math.Floor(Math.Log10(Math.Abs(value)))))
            : Decades(decades);

    /// <summary>Three significant digits: 0.124, 2.3, 4,096; far from 1 with a power of ten.</summary>
    public static string Plain(double? number)
    {
        if (number is not { } value) return NotMeasured;
        if (!double.IsFinite(value)) return NonFinite(value);
        double size = Math.Abs(value);
        string digits = size switch
        {
            0 => "0",
            < 1e-4 or >= 1e7 => OfTen(Text(size, "0.0e0")),
            >= 1000 => Text(size, "#,0"),
            _ => Text(size, "0." + new string('#', Math.Max(0, 2 - (int)Math.Floor(Math.Log10(size))))),
        };
        return (value < 0 ? "−" : "") + digits;
    }

    /// <summary>
    /// A loss with three digits behind the point, so that a column of them lines up; a small one, where these would be
    /// too few, with three significant digits.
    /// </summary>
    public static string Loss(double? loss) =>
        loss is { } value && Math.Abs(value) is >= 0.1 and < 1000 ? Text(value, "0.000") : Plain(loss);

    /// <summary>A share as a percentage.</summary>
    public static string Share(double? share) =>
        share is { } value && double.IsFinite(value) ? Text(100 * value, "0.0") + " %" : Plain(share);

    /// <summary>A metric: accuracy as a percentage, an error as a loss.</summary>
    public static string Metric(double? metric, string? name) =>
        name == MetricNames.Nrmse ? Loss(metric) : Share(metric);

    /// <summary>A relative change, such as −82 %; from tenfold on the factor, such as ×69.8.</summary>
    public static string Change(double share) => share switch
    {
        > -0.005 and < 0.005 => "±0 %",
        >= 9 => "×" + Plain(1 + share),
        _ => (share < 0 ? "−" : "+") + Text(Math.Abs(100 * share), "#,0") + " %",
    };

    /// <summary>A whole number with separators.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>How many of a thing: 1 step, 3 steps.</summary>
    public static string Of(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>A span of time to the second, or to the tenth where it is short.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => Text(time.TotalSeconds, "0.0") + " s",
        < 60 => Text(time.TotalSeconds, "0") + " s",
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{Count((long)time.TotalHours)} h {time.Minutes} min",
    };

    // As the page and the sentences write it: 4.8·10¹³.
    private static string OfTen(string scientific)
    {
        string[] parts = scientific.Split('e');
        return $"{parts[0]}·10" + string.Concat(parts[1].Select(c => c == '-' ? '⁻' : Superscripts[c - '0']));
    }

    private static string NonFinite(double value) => double.IsNaN(value) ? "NaN" : value < 0 ? "−∞" : "+∞";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
