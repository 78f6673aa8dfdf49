using System.Globalization;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>Writes numbers as people read them, rounded to what they mean.</summary>
internal static class InWords
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>An activation as people write it, such as ReLU for <c>relu</c>.</summary>
    public static string Activation(string? type) => type switch
    {
        null => "activation",
        "relu" => "ReLU",
        "relu6" => "ReLU6",
        "leaky-relu" => "leaky ReLU",
        "prelu" => "PReLU",
        "rrelu" => "RReLU",
        "gelu" => "GELU",
        "silu" => "SiLU",
        "elu" => "ELU",
        "selu" => "SELU",
        "hard-tanh" => "hard tanh",
        _ => type,
    };

    /// <summary>A count of decades, such as 0.61, 7.6 or 140; without its sign.</summary>
    public static string Decades(double decades)
    {
        double size = Math.Abs(decades);
        if (double.IsInfinity(size)) return "infinitely many";
        return Plain(size, size < 1 ? "0.00" : size < 100 ? "0.0" : "0");
    }

    /// <summary>
    /// Decades per time step, which add up over many: two digits that count below 0.1, such as 0.016.
    /// </summary>
    public static string PerStep(double decades)
    {
        double size = Math.Abs(decades);
        if (size is < 1e-6 or >= 0.0995) return Decades(size);
        return Plain(size, "0." + new string('#', 1 - (int)Math.Floor(Math.Log10(size))));
    }

    /// <summary>A change in decades with its verb: <c>loses 0.61</c> or <c>grows by 7.6</c>.</summary>
    public static string Change(double decades)
    {
        string size = Decades(decades);
        return size == "0.00" ? $"changes {size}" : decades < 0 ? $"loses {size}" : $"grows by {size}";
    }

    /// <summary>
    /// A share as a percentage, such as 97 %; of less than half a percent what there is, such as 0.0045 %.
    /// </summary>
    public static string Percent(double share) =>
        (share is > 0 and < 0.005 ? Number(100 * share) : Plain(100 * share, "0")) + " %";

    /// <summary>A measured score as a percentage, such as 97.2 %.</summary>
    public static string Score(double share) => Plain(100 * share, "0.#") + " %";

    /// <summary>Where the metric of a net that has learned nothing lies: at chance, or clearly below it.</summary>
    public static string AtChance(Learning learning, TrainingPlan plan) =>
        learning.IsBelowChance ? $"below the {Score(plan.ChanceMetric!.Value)} of chance" : "at chance";

    /// <summary>Three significant digits, such as 1.41, 0.0123 or 255; far from 1 such as 4.8·10¹³.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value) || value == 0) return value.ToString(CultureInfo.InvariantCulture);
        double size = Math.Abs(value);
        if (size is < 1e-4 or >= 1e6) return OfTen(value);
        int decimals = Math.Max(0, 2 - (int)Math.Floor(Math.Log10(size)));
        return Plain(value, decimals == 0 ? "0" : "0." + new string('#', decimals));
    }

    /// <summary>10 to a power, as a factor: 0.000002, 250 or 20000 within sight, 10⁻¹⁴ beyond.</summary>
    public static string Factor(double log)
    {
        if (double.IsNegativeInfinity(log)) return "exactly nothing";
        if (log is < -6.5 or >= 6) return Power(log);
        double value = Math.Pow(10, log);
        if (log >= 3) value = Math.Round(value / 100) * 100;
        int decimals = Math.Clamp((int)Math.Ceiling(-log), 0, 7);
        return Plain(value, decimals == 0 ? "0" : "0." + new string('#', decimals));
    }

    private static string OfTen(double value)
    {
        string[] parts = Plain(value, "0.0e0").Split('e');
        return $"{parts[0]}·{Power(int.Parse(parts[1], CultureInfo.InvariantCulture))}";
    }

    private static string Power(double log)
    {
        string digits = Plain(Math.Round(log), "0");
        return "10" + string.Concat(digits.Select(c => c == '-' ? '⁻' : Superscripts[c - '0']));
    }

    private static string Plain(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
