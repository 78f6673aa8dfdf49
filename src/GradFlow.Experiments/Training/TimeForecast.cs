using System.Globalization;
using GradFlow.Runs;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>What theory expects of the way back through time, in the recurrent layer with the longest memory.</summary>
/// <param name="DecadesPerStep">Slope of log10 gradient norm per time step backwards.</param>
/// <param name="Steps">The time steps that it has to travel.</param>
/// <param name="IsNeeded">Whether the task is known to need them; else they are those of a whole sequence.</param>
/// <param name="IsOnlyWay">Whether no attention lets time steps look at others past the recurrence.</param>
internal sealed record TimeForecast(double DecadesPerStep, int Steps, bool IsNeeded, bool IsOnlyWay)
{
    /// <summary>Decades over all these steps.</summary>
    public double Total => DecadesPerStep * Steps;

    /// <summary>
    /// Null without a recurrent layer, or where theory leaves one open: it might have the longest memory.
    /// </summary>
    public static TimeForecast? Of(
        IReadOnlyList<StageForecast> stages, RunStructure structure, int? longestDependency)
    {
        if (structure.Recurrences is not { Count: > 0 } recurrences) return null;
        int steps = longestDependency ?? recurrences.Max(layer => layer.Steps) - 1;
        if (steps < 1) return null;
        StageForecast[] all = [.. Layers(stages)];
        double?[] slopes = [.. all.Select(s => (s.Stage as RecurrentStage)?.DecadesPerStep(s.Input, steps))];
        double[] known = [.. slopes.OfType<double>()];
        return known.Length == recurrences.Count
            ? new TimeForecast(
                known.Max(), steps, longestDependency is not null,
                !all.Any(forecast => forecast.Stage is UncoveredStage { LooksAcrossTime: true }))
            : null;
    }

    /// <summary>The forecast in plain words.</summary>
    /// <param name="expectation">What the total comes to.</param>
    public string Sentence(string expectation)
    {
        if (!IsOnlyWay)
            return "Attention lets time steps look at each other past the recurrence, which alone changes the gradient "
                + $"by {Size(DecadesPerStep, "0.000")} decades per time step; the first steps will tell.";
        if (double.IsNegativeInfinity(Total))
            return "Expected to vanish through time: the recurrent weights pass no gradient at all.";
        string verb = expectation switch { "vanishes" => "vanish", "explodes" => "explode", _ => "flow" };
        string over = IsNeeded
            ? $"the {Words.Count(Steps, "step")} that the task needs"
            : $"{Words.Count(Steps, "step")} of the sequence";
        return $"Expected to {verb} through time: {Size(DecadesPerStep, "0.000")} decades per time step, "
            + $"{Size(Total, "0.0")} over {over}.";
    }

    private static string Size(double decades, string format) =>
        Math.Abs(decades).ToString(format, CultureInfo.InvariantCulture);

    private static IEnumerable<StageForecast> Layers(IEnumerable<StageForecast> stages) =>
        stages.SelectMany(stage => Layers(stage.Branch).Prepend(stage));
}
