using System.Globalization;
using GradFlow.Runs;

namespace GradFlow.Report;

/// <summary>The values that an axis of a picture spans, and round ones among them to name.</summary>
public sealed class AxisScale
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private AxisScale(TourAxis axis, double from, double to) => (Axis, From, To) = (axis, from, to);

    /// <summary>The axis.</summary>
    public TourAxis Axis { get; }

    /// <summary>The lower end.</summary>
    public double From { get; }

    /// <summary>The upper end.</summary>
    public double To { get; }

    /// <summary>The scale that holds some values: whole decades of a log, 0 to 1 of shares, else from 0 on.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">The values; those that are not finite are left out.</param>
    public static AxisScale Of(TourAxis axis, IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(axis);
        double[] finite = [.. values.Where(double.IsFinite).DefaultIfEmpty(0)];
        double from = finite.Min(), to = finite.Max();
        if (axis.IsShare) return new AxisScale(axis, 0, 1);
        if (axis.IsLog) return new AxisScale(axis, Math.Floor(from), Math.Max(Math.Ceiling(to), Math.Floor(from) + 1));
        double end = Math.Min(to > from ? to : from + 1, axis.Most ?? double.MaxValue);
        return new AxisScale(axis, Math.Min(0, from), end);
    }

    /// <summary>How far a value is on the way from the lower to the upper end.</summary>
    public double Share(double value) => (value - From) / (To - From);

    /// <summary>Round values in it, in rising order.</summary>
    /// <param name="most">How many intervals between them at most.</param>
    public IReadOnlyList<double> Ticks(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        double rough = (To - From) / most, size = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 5, 10 }.Select(factor => factor * size).First(step => step >= rough);
        if (Axis.IsLog) step = Math.Max(1, Math.Ceiling(step));
        int first = (int)Math.Ceiling(From / step), last = (int)Math.Floor(To / step + 1e-9);
        return [.. Enumerable.Range(first, last - first + 1).Select(k => k * step)];
    }

    /// <summary>A value as the axis writes it: 10⁻⁸, 60 %, 1,000 or 0.5.</summary>
    public string Label(double value)
    {
        if (Axis.IsShare) return Text(100 * value, "0") + " %";
        if (!Axis.IsLog) return Text(value, "#,0.###");
        return "10" + string.Concat(Text(value, "0").Select(c => c == '-' ? '⁻' : Raised[c - '0']));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
