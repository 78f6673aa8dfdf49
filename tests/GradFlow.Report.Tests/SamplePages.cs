using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Report.Tests;

/// <summary>Runs whose pages differ in what there is to draw.</summary>
internal static class SamplePages
{
    internal const string HostileName = "</script><b id=injected onclick=alert(1)>&\"'";

    private static readonly Dictionary<string, Func<(Run Run, Run? Repaired)>> Samples = new()
    {
        ["repaired"] = () => (SyntheticRepair.Sick(), SyntheticRepair.Repaired()),
        ["healthy"] = () => (Healthy(), null),
        ["exploding"] = () => (Exploding(), null),
        ["losses-only"] = () => (LossesOnly(), null),
        ["nothing"] = () => (LossesOnly() with { Steps = [], Evaluations = [], End = null }, null),
        ["fitted"] = () => (Fitted(), null),
        ["thousand-layers"] = () => (ThousandLayers(), null),
        ["exact-zeros"] = () => (ExactZeros(), null),
        ["residual"] = () => (Residual(), null),
        ["hostile"] = () => (Hostile(), null),
        ["forgets"] = () => (SyntheticForgetting.Sick(), SyntheticForgetting.Repaired()),
        ["explodes-in-time"] = () => (ExplodesInTime(), null),
        ["truncated"] = () => (Truncated(), null),
        ["state-maps"] = () => (StateMaps(), null),
        ["attends"] = () => (Attends(), null),
        ["restless-heads"] = () => (RestlessHeads(), null),
        ["windows"] = () => (Windows(), null),
        ["three-recurrent-layers"] = () => (ThreeRecurrentLayers(), null),
        ["lags-only"] = () => (LagsOnly(), null),
        ["no-lags"] = () => (NoLags(), null),
        ["alike"] = () => (Shallow(-0.11), Shallow(-0.1)),
    };

    /// <summary>All of them.</summary>
    internal static IEnumerable<string> Names => Samples.Keys;

    internal static (Run Run, Run? Repaired) Get(string name) => Samples[name]();

    // Three layers whose gradient fades all alike over the training, and that of the repaired run with them.
    private static Run Shallow(double decades)
    {
        Run run = new SyntheticRun { Depth = 3, ActivationDecades = decades, Steps = 260 }.Build();
        return run with
        {
            Frames = [.. run.Frames.Select(frame => frame with
            {
                CutNorms = [.. frame.CutNorms!.Select(norm => norm - 0.01 * frame.Step)],
            })],
        };
    }

    private static Run Healthy()
    {
        Run run = SyntheticRepair.Repaired();
        var verdict = new Verdict(
            VerdictKind.Healthy, "The gradient flows at every depth (−0.01 decades per layer) and the net learns.", []);
        return run with
        {
            Header = run.Header with { Name = "healthy-relu" },
            Diagnosis = new DiagnosisResult(verdict, [], []),
        };
    }

    private static Run Exploding()
    {
        Run run = new SyntheticRun
        {
            Depth = 30,
            Activation = "tanh",
            WeightDecades = 0.42,
            ActivationDecades = -0.08,
            FrameInterval = 4,
            Loss = step => 2.6 + Math.Exp(step / 9.0),
            NaNFrom = 51,
        }.Build();
        var evidence = new Dictionary<string, double>
        {
            ["decadesPerLayer"] = 0.34,
            ["largestNorm"] = double.PositiveInfinity,
        };
        var finding = new Finding(
            RuleIds.NonFinite, CauseIds.WeightScale, Severity.Critical, new LayerSpan("1.linear", "1.linear"), 51,
            evidence,
            "The loss is NaN from step 51 on; the first number to overflow was the output of 1.linear.", ["he-init"]);
        var verdict = new Verdict(
            VerdictKind.Sick,
            "The gradient explodes: it grows 0.34 decades per layer. The training ends in NaN at step 51.", []);
        return SyntheticRepair.Enliven(run, 1.5) with { Diagnosis = new DiagnosisResult(verdict, [finding], []) };
    }

    private static Run LossesOnly()
    {
        Run run = new SyntheticRun { Loss = step => 2 * Math.Exp(-step / 100.0) + 0.2 }.Build();
        var verdict = new Verdict(
            VerdictKind.Inconclusive, "The loss falls, but no gradients were recorded.", ["gradient norms per layer"]);
        return run with
        {
            Header = run.Header with { Name = "losses-only", Structure = RunStructure.Empty },
            Frames = [],
            Diagnosis = new DiagnosisResult(verdict, [], []),
        };
    }

    private static Run Fitted()
    {
        Run run = NoLags();
        return run with
        {
            Header = run.Header with { Name = "fitted", Plan = run.Header.Plan with { Steps = 0 } },
            Steps = [],
            Frames = [],
            Evaluations =
            [
                new Evaluation(0, 0, "validation", 0.3, 0.9, 100), new Evaluation(0, 0, "test", 0.31, 0.89, 100),
            ],
            End = new RunEnd("completed", 2, 0),
        };
    }

    private static Run ThousandLayers()
    {
        Run run = new SyntheticRun { Depth = 1000, FrameInterval = 300 }.Build();
        IReadOnlyList<Frame> frames = [.. Enumerable.Range(0, 100).Select(i => run.Frames[0] with { Step = 3 * i })];
        return SyntheticRepair.Enliven(run with { Frames = frames }, 20);
    }

    private static Run ExactZeros()
    {
        Run run = new SyntheticRun { Activation = "relu" }.Build();
        return run with
        {
            Frames = [.. run.Frames.Select(frame => frame with
            {
                CutNorms = [.. frame.CutNorms!.Select((norm, i) => i < 6 && frame.Step > 100 ? double.NegativeInfinity
                    : i < 10 && frame.Step > 200 ? double.NaN : norm)],
            })],
        };
    }

    private static Run Residual()
    {
        Run run = new SyntheticRun { Depth = 20, ActivationDecades = -0.3, WeightDecades = 0.1 }.Build();
        IReadOnlyList<PartInfo> parts = run.Header.Structure.Parts;
        LinkKind[] kinds =
            [LinkKind.Weights, LinkKind.Activation, LinkKind.Normalization, LinkKind.Skip, LinkKind.Attention];
        var attribution = parts.SelectMany((part, i) => Enumerable.Range(0, 3).Select(k => new AttributionEntry(
            part.Name, kinds[(i + k) % kinds.Length], (k - 1) * 0.2 - 0.05, $"block {i / 4}"))).ToList();
        var verdict = new Verdict(VerdictKind.Inconclusive, "Too few steps to tell.", ["at least one epoch"]);
        return run with { Diagnosis = new DiagnosisResult(verdict, [], attribution) };
    }

    private static Run ExplodesInTime()
    {
        Run run = new SyntheticRecurrentRun
        {
            WeightDecades = [0.3],
            ActivationDecades = -0.12,
            NaNFrom = 180,
            ClipCoefficient = 0.02,
            Loss = step => 2.3 + Math.Exp(step / 30.0) / 50,
        }.Build();
        var finding = new Finding(
            RuleIds.ExplodingThroughTime, CauseIds.Recurrence, Severity.Critical, new LayerSpan("1.rnn", "1.rnn"), 0,
            new Dictionary<string, double> { ["decadesPerStep"] = 0.18 }, "It grows by 0.18 decades per time step.",
            ["clip-norm", "orthogonal-init"]);
        var verdict = new Verdict(VerdictKind.Sick, "The gradient explodes through time.", []);
        return SyntheticForgetting.Enliven(run) with { Diagnosis = new DiagnosisResult(verdict, [finding], []) };
    }

    private static Run Truncated() => SyntheticForgetting.Enliven(
        new SyntheticRecurrentRun { Type = "gru", WeightDecades = [0.01], GateDecades = -0.06, Window = 20 }.Build());

    // Two attention layers; of the second one, a head comes to look at one key alone.
    private static Run Attends()
    {
        Run run = new SyntheticRun { Depth = 4, Steps = 200 }.Build();
        return run with
        {
            Header = run.Header with
            {
                Structure = run.Header.Structure with
                {
                    Attentions = [new AttentionInfo("attention-1", 1, 2), new AttentionInfo("attention-2", 2, 2)],
                },
            },
            Frames = [.. run.Frames.Select((frame, i) => frame with
            {
                Attention =
                [
                    new AttentionProfile([2, 1.5], [0.9, 0.7]),
                    new AttentionProfile([2, 1.8 / (1 + i * i)], [0.9, 0.8 / (1 + i * i)]),
                ],
            })],
        };
    }

    // Heads that leave no room for a name near the entropy of one key.
    private static Run RestlessHeads()
    {
        Run run = new SyntheticRun { Depth = 4, Steps = 600 }.Build();
        double[] Shares(int i) => [.. Enumerable.Range(0, 4).Select(head => 0.06 + 0.11 * ((3 * i + head) % 4))];
        RunStructure structure = run.Header.Structure with { Attentions = [new AttentionInfo("attention-1", 1, 4)] };
        return run with
        {
            Header = run.Header with { Structure = structure },
            Frames = [.. run.Frames.Select((frame, i) =>
                frame with { Attention = [new AttentionProfile([1, 1, 1, 1], Shares(i))] })],
        };
    }

    // Two attention layers that reach back 6 time steps together, where the task needs 20.
    private static Run Windows()
    {
        Run run = Attends();
        var verdict = new Verdict(VerdictKind.Sick, "Sick: the output does not see what decides.", []);
        var finding = new Finding(
            RuleIds.VanishingThroughTime, CauseIds.Attention, Severity.Critical,
            new LayerSpan("attention-1", "attention-2"), 0, new Dictionary<string, double> { ["reach"] = 6 },
            "Through 2 layers of attention with windows of 4 time steps the output sees no further back than 6.",
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
                        .. run.Header.Structure.Attentions!.Select(layer => layer with { Window = 4, IsCausal = true }),
                    ],
                    Reach = 6,
                },
            },
            Diagnosis = new DiagnosisResult(verdict, [finding], []),
        };
    }

    // An LSTM whose every step's map is recorded, its spectrum at every third frame.
    private static Run StateMaps()
    {
        Run run = new SyntheticRecurrentRun { Type = "lstm", WeightDecades = [0.01], GateDecades = -0.06 }.Build();
        TimeProfile Mapped(TimeProfile profile, int i) => profile with
        {
            Lyapunov = -0.7 + 0.02 * i,
            Gates = [.. new[] { "input", "forget", "output" }.Select(gate => new GateStatistics(gate, 0.7, 0.1, 0.5))],
            Spectrum = i % 3 > 0 ? null : new RecurrentSpectrum([0.3 + 0.1 * i, -0.2], [0, 0.1], 0.3 + 0.1 * i, 2),
            Jacobians = i % 3 > 0 ? null : [new JacobianSpectrum(43, [1.5, 1, 0.25, 0.01, 0.001])],
        };
        return run with
        {
            Frames = [.. run.Frames.Select((frame, i) =>
                frame with { ThroughTime = [Mapped(frame.ThroughTime![0]!, i)] })],
        };
    }

    private static Run ThreeRecurrentLayers()
    {
        Run run = new SyntheticRecurrentRun { WeightDecades = [-0.24, -0.05, 0.04], Drift = 0.02 }.Build();
        Forecast expectation = SyntheticForgetting.Sick().Forecast! with
        {
            CutNorms = [null, null, null, null, null],
            PartGains = [null, null, null, null],
            SignalRms = [null, null, null],
            DecadesPerTimeStep = -0.02,
        };
        return SyntheticForgetting.Enliven(run) with { Forecast = expectation };
    }

    // As another framework may log it: norms by lag and nothing else, of a few steps and not of every layer.
    private static Run LagsOnly()
    {
        double[] layers = [-0.24, -0.1];
        Run run = new SyntheticRecurrentRun { WeightDecades = layers, LongestDependency = null, Steps = 50 }.Build();
        return run with
        {
            Evaluations = [],
            Frames = [.. run.Frames.Select(frame => new Frame(
                frame.Step, null, null, null, null, null, [new TimeProfile(frame.ThroughTime![0]!.LagNorms), null]))],
        };
    }

    private static Run NoLags()
    {
        Run run = new SyntheticRecurrentRun().Build();
        return run with { Frames = [.. run.Frames.Select(frame => frame with { ThroughTime = null })] };
    }

    private static Run Hostile()
    {
        Run run = SyntheticRepair.Sick(HostileName);
        RunStructure structure = run.Header.Structure;
        IReadOnlyList<CutInfo> cuts = [.. structure.Cuts.Select(cut => cut with { Name = HostileName + cut.Name })];
        return run with
        {
            Header = run.Header with { Structure = structure with { Cuts = cuts } },
            Diagnosis = run.Diagnosis! with { Verdict = new Verdict(VerdictKind.Sick, HostileName, [HostileName]) },
        };
    }
}
