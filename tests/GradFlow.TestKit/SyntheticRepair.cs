using GradFlow.Runs;

namespace GradFlow.TestKit;

/// <summary>
/// A sick training with everything that a doctor's visit leaves behind: forecast, findings, attribution, trials and the
/// repaired training beside it. The numbers are made up, but fit each other.
/// </summary>
public static class SyntheticRepair
{
    private const int Depth = 10;
    private const int Steps = 300;
    private const double Slope = -0.612;

    /// <summary>A ten-layer sigmoid net at chance, with forecast, verdict and repair.</summary>
    /// <param name="name">The run's name.</param>
    public static Run Sick(string name = "deep-sigmoid")
    {
        Run run = new SyntheticRun
        {
            Depth = Depth,
            WeightDecades = -0.018,
            ActivationDecades = Slope + 0.018,
            Steps = Steps,
            Loss = step => 2.303 + 0.12 * Math.Exp(-step / 6.0) + 0.018 * Noise(step, 1),
            Accuracy = step => Math.Clamp(0.108 + 0.035 * Noise(step, 2), 0, 1),
            SaturatedShare = 0.04,
        }.Build();
        run = Enliven(run, drift: 0.35);
        return run with
        {
            Header = run.Header with { Name = name, Plan = run.Header.Plan with { Steps = Steps } },
            Forecast = Expectation(run),
            Diagnosis = Judgement(run),
            Repair = Cure(),
            End = new RunEnd("completed", 124, 0.034),
        };
    }

    /// <summary>The same net with ReLU and He initialisation, which learns.</summary>
    public static Run Repaired()
    {
        Run run = new SyntheticRun
        {
            Depth = Depth,
            Activation = "relu",
            WeightDecades = 0.012,
            ActivationDecades = -0.021,
            Steps = Steps,
            SigmaW = 1.414,
            Loss = step => 0.09 + 2.25 * Math.Exp(-step / 55.0) * (1 + 0.12 * Noise(step, 3)),
            Accuracy = step => Math.Clamp(0.97 - 0.86 * Math.Exp(-step / 45.0) + 0.02 * Noise(step, 4), 0, 1),
            DeadShare = 0.02,
        }.Build();
        return Enliven(run, drift: 0.1) with { End = new RunEnd("completed", 131, 0.034) };
    }

    /// <summary>Lets the frames of a run vary between layers and drift over steps, as those of trainings do.</summary>
    /// <param name="run">A run whose frames are all alike.</param>
    /// <param name="drift">Decades by which the first layer's norm moves until the last frame.</param>
    public static Run Enliven(Run run, double drift)
    {
        double last = Math.Max(1, run.Frames.Max(frame => frame.Step));
        return run with { Frames = [.. run.Frames.Select(frame => Enliven(frame, drift * frame.Step / last))] };
    }

    private static Frame Enliven(Frame frame, double drift)
    {
        double?[] norms = [.. frame.CutNorms!];
        for (int i = 0; i < norms.Length; i++)
        {
            double share = 1 - (double)i / (norms.Length - 1);
            norms[i] += drift * share + 0.05 * Noise(i, 11) * share + 0.02 * Noise(frame.Step + i, 12);
        }
        double?[] gains = new double?[norms.Length - 1];
        for (int i = 0; i < gains.Length; i++) gains[i] = norms[i] - norms[i + 1];
        return frame with { CutNorms = norms, PartGains = gains };
    }

    private static Forecast Expectation(Run run)
    {
        RunStructure structure = run.Header.Structure;
        double perLink = -0.585 * (Depth - 1) / structure.Links.Count;
        double?[] norms = [.. structure.Cuts.Select((_, i) => (double?)(perLink * (structure.Links.Count - i)))];
        return new Forecast(
            -0.585, -0.585 * (Depth - 1), 0.37, 2.2, norms, [.. structure.Parts.Select(_ => (double?)perLink)],
            [.. structure.Signals.Select(_ => (double?)0.5)], "vanishes",
            "Expected to vanish: 0.59 decades per layer; about 2 layers can be trained.", Slope, Slope * (Depth - 1));
    }

    private static DiagnosisResult Judgement(Run run)
    {
        RunStructure structure = run.Header.Structure;
        string first = structure.Cuts[0].Name, last = structure.Cuts[^1].Name;
        var vanishing = new Finding(
            RuleIds.VanishingGradient, CauseIds.Activation, Severity.Critical, new LayerSpan(first, last), 0,
            new Dictionary<string, double>
            {
                ["decadesPerLayer"] = Slope,
                ["totalDecades"] = Slope * (Depth - 1),
                ["activationShare"] = 0.971,
                ["firstUpdateRatio"] = 3.1e-9,
                ["lastUpdateRatio"] = 2.4e-3,
            },
            "The gradient loses 0.61 decades per layer. Layer 1 receives 0.000 003 of what layer 10 does, and 97 % of "
            + "the decay comes from the sigmoid, whose slope is at most 1/4.",
            ["relu", "he-init", "batch-norm", "residual"],
            new Confirmation("confirmed", "sigmoid swapped for ReLU, nothing else", "decadesPerLayer", Slope, -0.03));
        var stalled = new Finding(
            RuleIds.NoLearning, CauseIds.Activation, Severity.Warning, null, 0,
            new Dictionary<string, double>
            {
                ["validationLoss"] = 2.304,
                ["baselineLoss"] = 2.3026,
                ["validationAccuracy"] = 0.11,
            },
            "After 300 steps the loss is still that of a constant prediction.", ["relu", "raise-learning-rate"],
            Confirmation.Unconfirmed);
        var attribution = structure.Parts
            .Select(part => new AttributionEntry(
                part.Name, part.Kind, part.Kind == LinkKind.Activation ? Slope + 0.018 : -0.018))
            .Select((entry, i) => entry with { Decades = entry.Decades + 0.04 * Noise(i, 21) })
            .ToList();
        const string sentence = "The gradient vanishes. It loses 0.61 decades per layer; layer 1 receives 0.000 003 of "
            + "what layer 10 does, from step 0 on. Cause: the sigmoid's slope (97 % of the decay); confirmed by "
            + "swapping it.";
        return new DiagnosisResult(new Verdict(VerdictKind.Sick, sentence, []), [vanishing, stalled], attribution);
    }

    private static RepairResult Cure()
    {
        ExperimentChange[] changes =
        [
            new("model[2]", "sigmoid", "relu"),
            new("model[1].linear.init", "normal: 0.1", "he-normal"),
            new("model[3].repeat.layers", "- linear: 64\n- sigmoid", "- linear: { out: 64, init: he-normal }\n- relu"),
        ];
        List<Trial> trials =
        [
            .. Forks("relu+he-init", "restart", "candidate", 0.41, 0.874, -0.01, 40),
            .. Forks("batch-norm", "restart", "candidate", 0.78, 0.761, -0.06, 60),
            .. Forks("residual", "restart", "candidate", 0.97, 0.688, -0.09, 75),
            .. Forks("relu", "restart", "candidate", 1.62, 0.41, -0.16, 140),
            .. Forks("xavier-init", "restart", "random", 2.27, 0.16, -0.55, 2500),
            .. Forks("lower-learning-rate", "continue", "candidate", 2.303, 0.112, -0.61, 1e6),
            .. Forks("control", "restart", "control", 2.303, 0.11, -0.612, 1e6),
            .. Forks("control", "continue", "control", 2.304, 0.11, -0.6, 1e6),
            .. Forks("orthogonal-init", "restart", "candidate", double.NaN, 0.1, 0.4, -9),
        ];
        return new RepairResult(
            "repaired", ["relu", "he-init"], changes, new Outcome(Steps, 2.304, 0.11, 2.305, 0.108, Slope, true),
            new Outcome(Steps, 0.124, 0.966, 0.131, 0.964, -0.012, true), trials, "repaired.yaml",
            new RepairCost(2700 + Steps, 10),
            "Repaired with ReLU and He initialisation: accuracy on test data rises from 10.8 % to 96.4 %.");
    }

    private static IEnumerable<Trial> Forks(
        string remedy, string kind, string role, double loss, double metric, double decades, double timeConstant)
    {
        for (int seed = 7; seed <= 9; seed++)
        {
            double sway = 0.03 * Noise(seed, remedy.Length);
            int[] steps = [.. Enumerable.Range(0, 26).Select(i => 4 * i)];
            int fork = seed;
            double[] curve = [.. steps.Select(step => timeConstant < 0
                ? step > 40 ? double.NaN : 2.4 + Math.Exp(step / 12.0) * 0.08
                : loss + (2.36 - loss) * Math.Exp(-step / timeConstant) + 0.03 * Noise(step, fork))];
            yield return new Trial(
                remedy, kind, seed, timeConstant < 0 ? 44 : 100, loss * (1 + sway), metric * (1 - sway), steps, curve,
                decades + sway / 3, role);
        }
    }

    // Deterministic, from −1 to 1: the fractional part of a large sine is noise enough for a picture.
    private static double Noise(int i, int stream)
    {
        double x = Math.Sin(i * 12.9898 + stream * 78.233) * 43758.5453;
        return 2 * (x - Math.Floor(x)) - 1;
    }
}
