using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>What one time step does to a recurrent layer's state, a line for each number.</summary>
internal static class StepTable
{
    /// <summary>The table; null where nothing of it was measured.</summary>
    /// <param name="profile">The layer at one training step.</param>
    public static Grid? Of(TimeProfile profile)
    {
        List<(string Name, string Value, string Meaning)> rows = [.. Rows(profile)];
        if (rows.Count == 0) return null;
        Grid grid = Figure.Columns(Justify.Left, Justify.Right, Justify.Left);
        foreach ((string name, string value, string meaning) in rows)
            grid.AddRow(new Text(name), new Text(value), new Text(meaning, Palette.Quiet));
        return grid;
    }

    private static IEnumerable<(string Name, string Value, string Meaning)> Rows(TimeProfile profile)
    {
        if (profile.Spectrum is { } spectrum)
        {
            yield return (
                "largest eigenvalue", Numbers.Plain(spectrum.Radius),
                spectrum.Radius < 1 ? "the recurrent matrix contracts" : "the recurrent matrix holds or expands");
            yield return ("recurrent norm", Numbers.Plain(spectrum.Norm), "the most that it does in one step");
        }
        if (profile.Jacobians is [.., var jacobian])
            yield return (
                "stretch", Numbers.Plain(jacobian.SingularValues[0]),
                $"at most; half of the directions below {Numbers.Plain(jacobian.SingularValues[2])}");
        if (profile.Lyapunov is { } exponent)
            yield return ("Lyapunov exponent", Numbers.Plain(exponent), Fate(exponent));
        foreach (GateStatistics gate in profile.Gates ?? [])
            yield return (
                $"{gate.Gate} gate", Numbers.Share(gate.Mean),
                $"open; {Numbers.Share(gate.OpenShare)} above 0.9, {Numbers.Share(gate.ClosedShare)} below 0.1");
    }

    /// <summary>What becomes of a small difference of the state.</summary>
    /// <param name="exponent">The top Lyapunov exponent, natural logs per time step.</param>
    public static string Fate(double exponent) => exponent switch
    {
        double.NegativeInfinity => "small differences are lost at once",
        > -0.005 and < 0.005 => "small differences last",
        < 0 => $"small differences fade to {Numbers.Share(Math.Exp(exponent))} per time step",
        _ => $"small differences grow {Numbers.Plain(Math.Exp(exponent))}-fold per time step",
    };
}
