using GradFlow.TestKit;

namespace GradFlow.Runs.Tests;

/// <summary>A small run in which every kind of record and every kind of number occurs.</summary>
internal static class SampleRun
{
    internal static Run Build()
    {
        var net = new SyntheticRun { Depth = 3, Steps = 4, FrameInterval = 2, NaNFrom = 3, SaturatedShare = 0.25 };
        Run run = net.Build();
        return run with
        {
            Header = run.Header with { Experiment = "name: synthetic\n" },
            Frames = [.. run.Frames, EdgeFrame(3, run.Header.Structure)],
            Evaluations = [new Evaluation(0, 0, "validation", 2.3026, 0.1, 800)],
            Forecast = new Forecast(
                -0.6, null, double.PositiveInfinity, 10, [-1.2, null, -0.6, null, 0], [null, -0.6, null, -0.6], [],
                "vanishes", "The gradient will lose 0.6 decades per layer.", -0.58),
            Diagnosis = Diagnosis(),
            Repair = Repair(),
            ByLength = new LossByLength(
                4,
                [
                    new LengthLoss(10, 24, 0.3, 0.95, 2.3, 0.1, 80, IsTrained: true),
                    new LengthLoss(100, 100, double.NaN, null, null, null, 200, IsTrained: false),
                ]),
            Order = new OrderEffect(4, 2.5e-7, 0.5, 64),
        };
    }

    private static Frame EdgeFrame(int step, RunStructure structure) => new(
        step,
        [double.NaN, double.NegativeInfinity, double.PositiveInfinity, null, -6000.25],
        null,
        new ForwardStatistics(null, null, [.. structure.Signals.Select(_ => (double?)null)], null, null, null),
        new ParameterStatistics(
            null, null, null, null, null, null, null, null,
            [new ExponentHistogram(-30, [1, 0, 2]), null, new ExponentHistogram(0, []), null, null, null]),
        double.NaN);

    private static DiagnosisResult Diagnosis() => new(
        new Verdict(VerdictKind.Sick, "The gradient vanishes.", ["frames"]),
        [
            new Finding(
                RuleIds.VanishingGradient, CauseIds.Activation, Severity.Critical,
                new LayerSpan("1.linear", "5.linear"), 0,
                new Dictionary<string, double> { ["decadesPerLayer"] = -0.6, ["ratio"] = double.NegativeInfinity },
                "It loses 0.6 decades per layer.", ["relu", "he-init"],
                new Confirmation("confirmed", "sigmoid → relu", "decadesPerLayer", -0.6, 0)),
            new Finding(
                RuleIds.NonFinite, CauseIds.LearningRate, Severity.Warning, null, 3, new Dictionary<string, double>(),
                "The loss is NaN.", []),
        ],
        [
            new AttributionEntry("2.sigmoid", LinkKind.Activation, -0.6),
            new AttributionEntry("3.linear", LinkKind.Weights, -0.02, "3.block"),
        ]);

    private static RepairResult Repair() => new(
        "repaired", ["relu", "he-init"], [new ExperimentChange("model[1]", "sigmoid", "relu")],
        new Outcome(4, double.NaN, 0.1, null, null, -0.6, false),
        new Outcome(4, 0.3, 0.95, 0.31, 0.94, null, true),
        [
            new Trial("relu+he-init", "restart", 7, 4, 0.3, 0.95, [0, 2], [2.3, 0.5], -0.01, "candidate"),
            new Trial("control", "continue", 8, 3, double.PositiveInfinity, null, [], [], null, "control"),
        ],
        "repaired.yaml", new RepairCost(1200, 3.5), "Repaired with ReLU and He.");
}
