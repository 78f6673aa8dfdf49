using GradFlow.Experiments;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary>Records whose figures differ in what there is to show.</summary>
internal static class Samples
{
    internal static RunFolder Folder { get; } = RunFolder.At("runs/20260102-030405-deep-sigmoid");

    internal static Run Sick { get; } = SyntheticRepair.Sick();

    /// <summary>A forecast before anything was measured.</summary>
    internal static Forecast Expected { get; } =
        Sick.Forecast! with { MeasuredDecadesPerLayer = null, MeasuredTotalDecades = null };

    /// <summary>A training that was done elsewhere, of which less was recorded.</summary>
    internal static Run Foreign { get; } = Sick with
    {
        Header = Sick.Header with
        {
            Producer = "gradflow-torch 0.1.0",
            Experiment = null,
            Plan = Sick.Header.Plan with { BaselineLoss = null },
        },
        Frames = [.. Sick.Frames.Select(frame => frame with { PartGains = null, Forward = null, Parameters = null })],
        Evaluations = [],
        Forecast = null,
        Repair = null,
        Diagnosis = Sick.Diagnosis! with
        {
            Verdict = Sick.Diagnosis!.Verdict with { Sentence = "Sick: the gradient vanishes." },
            Findings = [.. Sick.Diagnosis!.Findings.Select(f => f with { Confirmation = Confirmation.Unconfirmed })],
        },
    };

    internal static Run Failed { get; } = Sick with
    {
        Repair = Sick.Repair! with
        {
            Status = "failed",
            Chosen = [],
            After = null,
            File = null,
            Sentence = "No remedy that was tried repairs this training.",
        },
    };

    /// <summary>A repair whose remedies were tried several times as strong, and together.</summary>
    internal static Run LongNames { get; } = Sick with
    {
        Forecast = null,
        Diagnosis = null,
        Repair = Sick.Repair! with
        {
            Chosen = ["batch-norm", "raise-learning-rate"],
            ChosenTrial = "batch-norm+raise-learning-rate×10000",
            Trials =
            [
                Fork("batch-norm+raise-learning-rate×10000", "candidate", 0.382),
                Fork("batch-norm+raise-learning-rate×10000", "random", 0.391),
                Fork("batch-norm+raise-learning-rate", "candidate", 0.4),
                Fork("vanishing-remedy-whose-name-has-no-place-to-break", "candidate", 1.2),
                Fork("scaled-residual+critical-gain+lower-learning-rate×100", "candidate", 1.3),
                Fork("control", "control", 2.303),
            ],
            Sentence = "Repaired with batch-norm + raise-learning-rate×10000: accuracy on test data 10.8 % → 96.4 %.",
        },
    };

    internal static Run Healthy { get; } = SyntheticRepair.Repaired() with
    {
        Forecast = Sick.Forecast! with
        {
            DecadesPerLayer = -0.004,
            TotalDecades = -0.036,
            DepthScale = double.PositiveInfinity,
            TrainableDepth = double.PositiveInfinity,
            MeasuredDecadesPerLayer = -0.009,
            MeasuredTotalDecades = -0.081,
        },
        Diagnosis = new DiagnosisResult(
            new Verdict(
                VerdictKind.Healthy,
                "Healthy: the gradient changes 0.01 decades per layer and accuracy reaches 96.4 %.", []),
            [], []),
        Repair = new RepairResult(
            "not-needed", [], [], new Outcome(300, 0.124, 0.966, 0.131, 0.964, -0.009, true), null, [], null,
            new RepairCost(0, 0), "Nothing to repair."),
    };

    internal static Run Inconclusive { get; } = new SyntheticRun { Steps = 3 }.Build() with
    {
        Diagnosis = new DiagnosisResult(
            new Verdict(
                VerdictKind.Inconclusive,
                "Inconclusive: 3 steps are too few to say whether it learns. Record at least 50 training steps.",
                ["at least 50 training steps"]),
            [], []),
    };

    internal static Run Stopped { get; } = new SyntheticRun { Steps = 40 }.Build() with
    {
        Forecast = Sick.Forecast,
        End = new RunEnd("interrupted", 1.25, 0.04),
    };

    internal static Run Trained { get; } = Healthy with
    {
        Evaluations =
        [
            new Evaluation(300, 3, "validation", 0.124, 0.966, 600), new Evaluation(300, 3, "test", 0.131, 0.964, 1000),
        ],
    };

    internal static Run TrainedOnText { get; } = Trained with
    {
        Header = Trained.Header with { Plan = Trained.Header.Plan with { LossPer = "character" } },
    };

    internal static Run Broken { get; } = new SyntheticRun { Steps = 300, NaNFrom = 120 }.Build();

    internal static Run Forgets { get; } = SyntheticForgetting.Sick();

    internal static Forecast ExpectedToForget { get; } =
        Forgets.Forecast! with { MeasuredDecadesPerTimeStep = null };

    internal static Run Truncated { get; } = Found(
        WithStep(new SyntheticRecurrentRun
        {
            Type = "gru",
            WeightDecades = [0.01],
            GateDecades = -0.06,
            Window = 20,
        }.Build()),
        "1.gru", "The gradient is cut after 20 time steps, where this task needs 40.");

    internal static Run RecurrentLayers { get; } = Found(
        new SyntheticRecurrentRun { WeightDecades = [-0.24, -0.02], Steps = 60 }.Build(),
        "2.rnn", "The gradient vanishes through time.");

    /// <summary>Two layers of attention whose windows end before what the task needs.</summary>
    internal static Run Windows { get; } = WithWindows(
        Attributed(new SyntheticRun { Depth = 3, Steps = 60 }.Build()), "The output does not see what decides.");

    internal static Run ThousandLayers { get; } = Attributed(new SyntheticRun { Depth = 1000, Steps = 1 }.Build());

    /// <summary>A net as given and as repaired, line by line.</summary>
    internal static IReadOnlyList<DiffLine> Changes { get; } =
        ExperimentDiff.Between(
            Net("{ out: 64, init: { normal: 0.1 } }", "sigmoid"), Net("{ out: 64, init: he-normal }", "relu")).Lines;

    /// <summary>A recurrent run with a verdict that stays the same, whatever the rules come to say.</summary>
    private static Run Found(Run run, string layer, string sentence)
    {
        var finding = new Finding(
            RuleIds.VanishingThroughTime, CauseIds.Recurrence, Severity.Critical, new LayerSpan(layer, layer), 0,
            new Dictionary<string, double> { ["neededLag"] = 40 }, sentence, ["lstm", "gru"]);
        AttributionEntry[] attribution =
        [
            .. run.Header.Structure.Parts.Select(part => new AttributionEntry(part.Name, part.Kind, -0.1)),
            new($"{layer} recurrent weights", LinkKind.Weights, -0.86, layer),
        ];
        return run with
        {
            Diagnosis = new DiagnosisResult(new Verdict(VerdictKind.Sick, sentence, []), [finding], attribution),
        };
    }

    private static Run WithWindows(Run run, string sentence)
    {
        var finding = new Finding(
            RuleIds.VanishingThroughTime, CauseIds.Attention, Severity.Critical,
            new LayerSpan("attention-1", "attention-2"), 0, new Dictionary<string, double> { ["reach"] = 6 }, sentence,
            ["attention"]);
        return run with
        {
            Header = run.Header with
            {
                Plan = run.Header.Plan with { LongestDependency = 20 },
                Structure = run.Header.Structure with
                {
                    Attentions =
                    [
                        new AttentionInfo("attention-1", 1, 2, 4, true),
                        new AttentionInfo("attention-2", 2, 2, 4, true),
                    ],
                    Reach = 6,
                },
            },
            Diagnosis = run.Diagnosis! with
            {
                Verdict = new Verdict(VerdictKind.Sick, sentence, []),
                Findings = [finding],
            },
        };
    }

    private static Trial Fork(string remedy, string role, double loss) =>
        new(remedy, "restart", 7, 100, loss, 1 / (1 + loss), [], [], null, role);

    private static Run Attributed(Run run)
    {
        IEnumerable<AttributionEntry> attribution = run.Header.Structure.Parts.Zip(run.Frames[0].PartGains!)
            .Select(pair => new AttributionEntry(pair.First.Name, pair.First.Kind, pair.Second!.Value));
        return run with { Diagnosis = Sick.Diagnosis! with { Findings = [], Attribution = [.. attribution] } };
    }

    private static Experiment Net(string linear, string activation) => ExperimentFile.Parse(
        $$"""
        name: deep-sigmoid
        data: { strokes: { train: 600, test: 100, size: 16 } }
        model:
          - flatten
          - linear: {{linear}}
          - {{activation}}
          - repeat: { times: 8, layers: [{ linear: {{linear}} }, {{activation}}] }
          - linear: 10
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1, momentum: 0.9 } }
        training: { epochs: 3 }
        """,
        "net.yaml");

    /// <summary>With what a time step does to the state, in every frame.</summary>
    private static Run WithStep(Run run) => run with
    {
        Frames = [.. run.Frames.Select(frame => frame with
        {
            ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with
            {
                Lyapunov = -0.115,
                Gates = [new GateStatistics("reset", 0.5, 0, 0), new GateStatistics("update", 0.87, 0.01, 0.42)],
                Spectrum = new RecurrentSpectrum([0.6, 0.1], [0, 0], 0.6, 1.12),
                Jacobians = [new JacobianSpectrum(43, [1.02, 0.97, 0.88, 0.5, 0.2])],
            })],
        })],
    };
}
