using GradFlow.Runs;

namespace GradFlow.TestKit;

/// <summary>
/// Builds records of a plain net (linear, activation, …, linear) with known gains, without training anything, so that
/// rules, the store and the page can be tried on runs whose truth is known.
/// </summary>
public sealed record SyntheticRun
{
    /// <summary>Parametrised layers.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>The activation's type between them.</summary>
    public string Activation { get; init; } = "sigmoid";

    /// <summary>Decades that each inner linear layer adds on the way back.</summary>
    public double WeightDecades { get; init; } = -0.02;

    /// <summary>Decades that each activation adds on the way back.</summary>
    public double ActivationDecades { get; init; } = -0.6;

    /// <summary>Steps that the run has.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Steps between two frames.</summary>
    public int FrameInterval { get; init; } = 20;

    /// <summary>The loss at a step.</summary>
    public Func<int, double> Loss { get; init; } = _ => 2.3026;

    /// <summary>The accuracy at a step.</summary>
    public Func<int, double> Accuracy { get; init; } = _ => 0.1;

    /// <summary>Share of saturated entries in each activation; null where not measured.</summary>
    public double? SaturatedShare { get; init; }

    /// <summary>Share of dead units in each activation; null where not measured.</summary>
    public double? DeadShare { get; init; }

    /// <summary>Standard deviation of the weights times √fan-in.</summary>
    public double SigmaW { get; init; } = 0.577;

    /// <summary>The step from which losses are NaN, if any.</summary>
    public int? NaNFrom { get; init; }

    /// <summary>The run's records.</summary>
    public Run Build()
    {
        RunStructure structure = BuildStructure();
        var plan = new TrainingPlan(Steps, 100, 64, "cross-entropy", "sgd", 0.1, "accuracy", 0.1, 2.3026, 0.5, 1);
        var header = new RunHeader(
            "synthetic", 7, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "gradflow test", plan, structure);
        var steps = new List<StepRecord>();
        var frames = new List<Frame>();
        var evaluations = new List<Evaluation>();
        for (int step = 0; step < Steps; step++)
        {
            bool broken = step >= NaNFrom;
            double loss = broken ? double.NaN : Loss(step);
            double norm = broken ? double.NaN : Math.Pow(10, CutNorm(structure.Cuts.Count - 1, structure)) * 3;
            steps.Add(new StepRecord(step, step / 100, loss, broken ? 0.1 : Accuracy(step), 0.1, norm, norm, null));
            if (step % FrameInterval == 0 && !broken) frames.Add(BuildFrame(step, structure));
            if (step % 100 == 99)
                evaluations.Add(new Evaluation(
                    step + 1, (step + 1) / 100.0, "validation", loss, broken ? 0.1 : Accuracy(step), 800));
            if (broken) break;
        }
        return new Run(header, steps, frames, evaluations)
        {
            NonFinite = NaNFrom is { } at ? new NonFiniteOrigin(at, "forward", "1.linear", "affine", "inf") : null,
            End = new RunEnd(NaNFrom is null ? "completed" : "non-finite", 12.5, 0.04),
        };
    }

    private RunStructure BuildStructure()
    {
        var cuts = new List<CutInfo>();
        var links = new List<LinkInfo>();
        var signals = new List<SignalInfo>();
        var parameters = new List<ParameterInfo>();
        for (int layer = 1; layer <= Depth; layer++)
        {
            string linear = $"{2 * layer - 1}.linear", activation = $"{2 * layer}.{Activation}";
            if (layer > 1) links.Add(new LinkInfo(linear, "linear", LinkKind.Weights, layer));
            cuts.Add(new CutInfo(linear, "linear", layer, true));
            signals.Add(new SignalInfo(linear, "linear", LinkKind.Weights, layer, 64));
            parameters.Add(new ParameterInfo(
                $"{linear}.weight", linear, layer, "weight", [64, 64], 64, 64, "torch", SigmaW / 8));
            parameters.Add(
                new ParameterInfo($"{linear}.bias", linear, layer, "bias", [64], 64, 64, "torch", SigmaW / 8));
            if (layer == Depth) break;
            links.Add(new LinkInfo(activation, Activation, LinkKind.Activation, layer));
            cuts.Add(new CutInfo(activation, Activation, layer, false));
            signals.Add(new SignalInfo(activation, Activation, LinkKind.Activation, layer, 64));
        }
        var parts = links.Select((link, i) => new PartInfo(i, link.Name, link.Type, link.Kind)).ToList();
        return new RunStructure(cuts, links, parts, signals, parameters);
    }

    private Frame BuildFrame(int step, RunStructure structure)
    {
        double?[] All(int count, double? value) => Enumerable.Repeat(value, count).ToArray();
        int s = structure.Signals.Count, p = structure.Parameters.Count;
        double?[] OfActivations(double? value) =>
            structure.Signals.Select(x => x.Kind == LinkKind.Activation ? value : null).ToArray();
        var forward = new ForwardStatistics(
            All(s, 0.1), All(s, 0.5), All(s, 0.51), OfActivations(SaturatedShare), OfActivations(DeadShare), All(s, 0));
        double?[] gradients = structure.Parameters
            .Select(x => (double?)(
                CutNorm(structure.Cuts.ToList().FindIndex(c => c.Name == x.LayerName), structure) + 0.4))
            .ToArray();
        var parameters = new ParameterStatistics(
            All(p, 4.6), gradients, gradients.Select(g => g - 2).ToArray(), gradients.Select(g => g - 1).ToArray(),
            All(p, 0), All(p, 0), gradients.Select(g => (double?)(0.1 * Math.Pow(10, g!.Value) / 4.6)).ToArray(),
            All(p, step * 1e-4), null);
        return new Frame(
            step,
            Enumerable.Range(0, structure.Cuts.Count).Select(i => (double?)CutNorm(i, structure)).ToArray(),
            structure.Parts.Select(part => (double?)Gain(part.Kind)).ToArray(),
            forward, parameters, step == 0 ? null : 0.9);
    }

    private double Gain(LinkKind kind) => kind == LinkKind.Weights ? WeightDecades : ActivationDecades;

    private double CutNorm(int cut, RunStructure structure) =>
        -1 + structure.Links.Skip(cut).Sum(link => Gain(link.Kind));
}
