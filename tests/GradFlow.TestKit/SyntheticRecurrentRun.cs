using GradFlow.Runs;

namespace GradFlow.TestKit;

/// <summary>
/// Builds records of a recurrent net (recurrent layers, last-step, linear) whose gradient changes by known decades per
/// time step, without training anything.
/// </summary>
public sealed record SyntheticRecurrentRun
{
    /// <summary>Losses and accuracies of a task of three classes are compared with these.</summary>
    public const double Baseline = 2.3026, Chance = 1.0 / 3;

    /// <summary>
    /// The recurrent layers' type; <c>lstm</c>, <c>gru</c>, <c>leaky-rnn</c> and <c>lru</c> carry states past weights.
    /// </summary>
    public string Type { get; init; } = "rnn";

    /// <summary>The non-linearity between states; unused where gated.</summary>
    public string Activation { get; init; } = "tanh";

    /// <summary>Decades per time step of the recurrent weights, one per layer.</summary>
    public IReadOnlyList<double> WeightDecades { get; init; } = [-0.24];

    /// <summary>Decades per time step of the slopes, in every layer; unused where gated.</summary>
    public double ActivationDecades { get; init; } = -0.07;

    /// <summary>Decades per time step of the gates, in every layer; unused where not gated.</summary>
    public double GateDecades { get; init; } = -0.3;

    /// <summary>The states' root mean square at a time step.</summary>
    public Func<int, double> StateRms { get; init; } = _ => 0.4;

    /// <summary>Time steps of a sequence.</summary>
    public int Length { get; init; } = 44;

    /// <summary>Time steps between what decides and the last output; null where unknown.</summary>
    public int? LongestDependency { get; init; } = 40;

    /// <summary>Time steps after which back-propagation is cut; null for none.</summary>
    public int? Window { get; init; }

    /// <summary>Steps that the run has.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>The loss at a step: next-word prediction, of which near words tell a part.</summary>
    public Func<int, double> Loss { get; init; } = step => 0.8 + 1.5 * Math.Exp(-step / 40.0);

    /// <summary>The accuracy on the last output at a step.</summary>
    public Func<int, double> Accuracy { get; init; } = _ => Chance;

    /// <summary>What clipping multiplies each gradient by; null without clipping.</summary>
    public double? ClipCoefficient { get; init; }

    /// <summary>The step from which losses are NaN, if any.</summary>
    public int? NaNFrom { get; init; }

    /// <summary>The decades by which the slope per time step has moved at the last step.</summary>
    public double Drift { get; init; }

    private bool IsGated => Type is "lstm" or "gru" or "leaky-rnn" or "lru";

    /// <summary>The run's records.</summary>
    public Run Build()
    {
        var plan = new TrainingPlan(
            Steps, 100, 64, "cross-entropy", "sgd", 0.1, "accuracy", Chance, Baseline, 0.3, 1, LongestDependency);
        var header = new RunHeader(
            "synthetic", 7, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "gradflow test", plan, Structure());
        var steps = new List<StepRecord>();
        var frames = new List<Frame>();
        var evaluations = new List<Evaluation>();
        for (int step = 0; step < Steps; step++)
        {
            bool isBroken = step >= NaNFrom;
            double loss = isBroken ? double.NaN : Loss(step), norm = isBroken ? double.NaN : 1;
            steps.Add(new StepRecord(
                step, step / 100, loss, isBroken ? null : Accuracy(step), 0.1, norm, norm, ClipCoefficient));
            if (isBroken) break;
            if (step % 20 == 0) frames.Add(FrameAt(step));
            if (step % 100 == 99)
                evaluations.Add(new Evaluation(step + 1, (step + 1) / 100.0, "validation", loss, Accuracy(step), 800));
        }
        return new Run(header, steps, frames, evaluations)
        {
            End = new RunEnd(NaNFrom is null ? "completed" : "non-finite", 12.5, 0.04),
        };
    }

    private RunStructure Structure()
    {
        int depth = WeightDecades.Count + 1;
        string[] names = [.. Enumerable.Range(1, depth - 1).Select(layer => $"{layer}.{Type}")];
        List<CutInfo> cuts = [.. names.Select((name, i) => new CutInfo(name, Type, i + 1, true))];
        cuts.Add(new CutInfo($"{depth}.last-step", "last-step", depth - 1, false));
        cuts.Add(new CutInfo($"{depth + 1}.linear", "linear", depth, true));
        List<LinkInfo> links = [.. names.Skip(1).Select(
            (name, i) => new LinkInfo(name, Type, LinkKind.Recurrence, i + 2))];
        links.Add(new LinkInfo($"{depth}.last-step", "last-step", LinkKind.Other, depth - 1));
        links.Add(new LinkInfo($"{depth + 1}.linear", "linear", LinkKind.Weights, depth));
        return new RunStructure(
            cuts, links, [.. links.Select((link, i) => new PartInfo(i, link.Name, link.Type, link.Kind))],
            [.. names.Select((name, i) => new SignalInfo(name, Type, LinkKind.Recurrence, i + 1, 32))], [],
            [.. names.Select((name, i) => new RecurrenceInfo(
                name, Type, i + 1, 32, Length, IsGated ? null : Activation, Window))]);
    }

    private Frame FrameAt(int step)
    {
        double drift = Drift * step / Math.Max(1, Steps - 1);
        int links = WeightDecades.Count + 1;
        double?[] gains = [.. Enumerable.Range(0, links).Select(_ => (double?)-0.1)];
        double?[] norms = [.. Enumerable.Range(0, links + 1).Select(i => (double?)(-1 - 0.1 * (links - i)))];
        return new Frame(step, norms, gains, null, null, null, [.. WeightDecades.Select(own => Profile(own + drift))]);
    }

    private TimeProfile Profile(double weights)
    {
        double slope = weights + (IsGated ? GateDecades : ActivationDecades);
        double?[] norms = [.. Enumerable.Range(0, Length).Select(
            lag => lag < (Window ?? Length) ? -2 + slope * lag : (double?)null)];
        double?[] states = [.. Enumerable.Range(0, Length).Select(t => (double?)StateRms(t))];
        return IsGated
            ? new TimeProfile(norms, weights, null, GateDecades, states)
            : new TimeProfile(
                norms, weights, ActivationDecades, null, states,
                [.. Enumerable.Repeat((double?)Math.Pow(10, ActivationDecades), Length)]);
    }
}
