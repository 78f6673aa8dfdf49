using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>The values that an axis spans, and round ones among them to name.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="From">Its lower end.</param>
/// <param name="To">Its upper end.</param>
internal sealed record ValueScale(TourAxis Axis, double From, double To)
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>The scale that holds some values.</summary>
    public static ValueScale Of(TourAxis axis, IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).DefaultIfEmpty(0)];
        double from = finite.Min(), to = finite.Max();
        if (axis.IsShare) return new ValueScale(axis, 0, 1);
        if (axis.IsLog) return new ValueScale(axis, Math.Floor(from), Math.Max(Math.Ceiling(to), Math.Floor(from) + 1));
        return new ValueScale(axis, Math.Min(0, from), Math.Min(to > from ? to : from + 1, axis.Most ?? double.MaxValue));
    }

    /// <summary>How far a value is on the way from the lower to the upper end.</summary>
    public double Share(double value) => (value - From) / (To - From);

    /// <summary>Round values in it, in rising order.</summary>
    /// <param name="most">How many at most.</param>
    public IEnumerable<double> Ticks(int most)
    {
        double rough = (To - From) / most, size = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 5, 10 }.Select(factor => factor * size).First(step => step >= rough);
        if (Axis.IsLog) step = Math.Max(1, Math.Ceiling(step));
        for (double k = Math.Ceiling(From / step); k * step <= To + step / 1000; k++) yield return k * step;
    }

    /// <summary>A value as the axis writes it.</summary>
    public string Label(double value) => Axis switch
    {
        { IsLog: true } => "10" + string.Concat(
            Numbers.Plain(Math.Round(value)).Select(c => c == '−' ? '⁻' : Raised[c - '0'])),
        { IsShare: true } => Numbers.Plain(100 * value) + " %",
        _ => Numbers.Plain(value),
    };
}
