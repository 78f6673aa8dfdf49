using GradFlow.Runs;

namespace GradFlow.TestKit;

/// <summary>
/// A recurrent training that forgets, with everything that a doctor's visit leaves behind, and the repaired training
/// beside it. The numbers are made up, but fit each other.
/// </summary>
public static class SyntheticForgetting
{
    private const double Slope = -0.31, Expected = -0.28;
    private const int Needed = 40;

    private static readonly SyntheticRecurrentRun Forgets =
        new() { Length = 48, LongestDependency = Needed, Drift = 0.05 };

    /// <summary>A tanh RNN that forgets what decides, with forecast, verdict and repair.</summary>
    public static Run Sick()
    {
        Run run = Forgets.Build();
        RunStructure structure = run.Header.Structure;
        return Enliven(run) with
        {
            Header = run.Header with { Name = "where-one-grew-up" },
            Forecast = new Forecast(
                null, null, null, null, Nothing(structure.Cuts.Count), Nothing(structure.Parts.Count),
                Nothing(structure.Signals.Count), "vanishes",
                "Expected to vanish through time: 0.28 decades per time step; memory ends after about 8 steps.",
                DecadesPerTimeStep: Expected, MeasuredDecadesPerTimeStep: Slope),
            Diagnosis = Judgement(),
            Repair = Cure(),
        };
    }

    /// <summary>The same task with an LSTM whose forget gates are open, which learns it.</summary>
    public static Run Repaired() => Enliven(new SyntheticRecurrentRun
    {
        Type = "lstm",
        Length = Forgets.Length,
        LongestDependency = Needed,
        WeightDecades = [-0.004],
        GateDecades = -0.034,
        Drift = 0.024,
        Accuracy = step => 1 - 0.67 * Math.Exp(-step / 60.0),
        Loss = step => 0.3 + 2 * Math.Exp(-step / 50.0),
    }.Build());

    /// <summary>Lets the lags and states of a run vary a little, as those of trainings do.</summary>
    /// <param name="run">A run whose profiles are straight lines.</param>
    public static Run Enliven(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run with
        {
            Frames = [.. run.Frames.Select(frame => frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile is null ? null : profile with
                {
                    LagNorms = [.. profile.LagNorms.Select((norm, lag) => norm + 0.25 * Sway(lag, frame.Step))],
                    StateRms = [.. (profile.StateRms ?? []).Select((rms, t) =>
                        rms * (1 - Math.Exp(-(t + 1) / 3.0)) * (1 + 0.06 * Sway(t, frame.Step)))],
                    Slopes = profile.Slopes is null ? null :
                        [.. profile.Slopes.Select((slope, t) => slope * (1 + 0.05 * Sway(t + 9, frame.Step)))],
                })],
            })],
        };
    }

    private static double?[] Nothing(int count) => new double?[count];

    private static DiagnosisResult Judgement()
    {
        const string layer = "1.rnn";
        var forgets = new Finding(
            RuleIds.VanishingThroughTime, CauseIds.Recurrence, Severity.Critical, new LayerSpan(layer, layer), 0,
            new Dictionary<string, double>
            {
                ["decadesPerStep"] = Slope,
                ["memoryHorizon"] = 7,
                ["neededLag"] = Needed,
                ["decadesAtNeededLag"] = Slope * Needed,
                ["weightDecadesPerStep"] = -0.24,
                ["activationDecadesPerStep"] = -0.07,
                ["weightShare"] = 0.77,
                ["activationShare"] = 0.23,
            },
            "The gradient of the last output falls by 0.31 decades per time step: after 7 of the 40 steps that this "
            + "task needs, less than 1 % is left. The cause is recurrent weights that are too small.",
            ["lstm", "gru", "identity-init", "orthogonal-init"],
            new Confirmation(
                "confirmed", "orthogonal recurrent weights, nothing else", "decadesPerStep", Slope, -0.07));
        AttributionEntry[] shares =
        [
            new($"{layer} recurrent weights", LinkKind.Weights, -0.24 * 47, layer),
            new($"{layer} tanh slopes", LinkKind.Activation, -0.07 * 47, layer),
        ];
        const string sentence = "Sick: the gradient vanishes through time. It falls by 0.31 decades per time step: "
            + "after 7 of the 40 steps that this task needs, less than 1 % is left, from step 0 on. Cause: recurrent "
            + "weights that are too small, with a gain of 0.575 per time step where tanh needs 1 (77 % of the decay).";
        return new DiagnosisResult(new Verdict(VerdictKind.Sick, sentence, []), [forgets], shares);
    }

    private static RepairResult Cure()
    {
        Trial[] trials =
        [
            Fork("lstm", "candidate", 0.41, 0.98), Fork("gru", "candidate", 0.44, 0.91),
            Fork("identity-init", "candidate", 0.62, 0.52), Fork("clip-norm", "random", 0.8, 0.34),
            Fork("control", "control", 0.8, 0.33),
        ];
        return new RepairResult(
            "repaired", ["lstm"], [new ExperimentChange("model[0]", "rnn: { out: 32 }", "lstm: { out: 32 }")],
            new Outcome(300, 0.801, 0.333, 0.803, 0.331, null, true),
            new Outcome(300, 0.302, 0.994, 0.305, 0.991, null, true),
            trials, "repaired.yaml", new RepairCost(1500, 5),
            "Repaired with lstm: accuracy on test data rises from 33.1 % to 99.1 %.", "lstm");
    }

    private static Trial Fork(string remedy, string role, double loss, double metric) => new(
        remedy, "restart", 7, 100, loss, metric, [0, 50, 100], [2.3, (2.3 + loss) / 2, loss], null, role);

    // Deterministic, from −1 to 1, and 0 where nothing lies behind.
    private static double Sway(int i, int step) => Math.Sin(1.7 * i + 0.05 * step) * (1 - Math.Exp(-i / 4.0));
}
