using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>A deep sigmoid net, and the same with one thing changed at a time.</summary>
internal sealed class DeepSigmoid : Stop
{
    private const int Hidden = 9, Steps = 1000;

    private static readonly (string Name, string With, LineTone Tone)[] Nets =
    [
        ("sigmoid", "", LineTone.Vanishing),
        ("ReLU + He", "ReLU and He's weights", LineTone.Activation),
        ("residual", "residual paths", LineTone.Skip),
        ("batch norm", "batch normalisation", LineTone.Normalization),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Leg> Legs(TourOptions options)
    {
        Experiment sigmoid = TourNets.DeepSigmoid(options.Seed, options.Steps(Steps));
        var linear = new LinearSpec { Out = 64 };
        var block = new ResidualSpec { Layers = [linear, new SigmoidSpec()] };
        yield return new Leg(sigmoid);
        yield return new Leg(sigmoid with
        {
            Model = TourNets.Between(Hidden, linear with { Init = new HeNormalInitSpec() }, new ReluSpec()),
        });
        yield return new Leg(sigmoid with
        {
            Model =
            [
                new FlattenSpec(), linear, new SigmoidSpec(),
                new RepeatSpec { Times = Hidden - 1, Layers = [block] }, new LinearSpec { Out = 10 },
            ],
        });
        yield return new Leg(sigmoid with
        {
            Model = TourNets.Between(Hidden, linear, new BatchNormSpec(), new SigmoidSpec()),
        });
    }

    /// <inheritdoc/>
    public override TourStop Tell(IReadOnlyList<Run> runs) => new(
        "vanishing", "A deep sigmoid net, and three ways out",
        "A sigmoid's slope is at most a quarter, so each layer hands on at most a quarter of what reaches it, times "
        + "its weights; each way out keeps that factor near 1.",
        [Sick(runs[0]), Cures(runs)], [Gradient(runs), Losses(runs)],
        "gradflow doctor examples/01-deep-sigmoid.yaml",
        "why this net does not learn, and which repair measurably works");

    private static string Sick(Run run)
    {
        int depth = run.Header.Structure.Depth;
        double total = Measured.AgainstDepth(run)[0].Norm;
        string verb = Measured.HasLearned(run) ? "it has learned all the same" : "it has learned next to nothing";
        return $"At step 0, in the sigmoid net of {depth} layers, layer 1 receives {TourWords.Factor(total)} of the "
            + $"gradient that layer {depth} does ({TourWords.Decades(Measured.Slope(run))} decades per layer), and "
            + $"after {TourWords.Count(run.Steps.Count)} steps {verb}: {TourPictures.Outcome(run)} right on test data, "
            + $"where guessing gets {TourWords.Percent(run.Header.Plan.ChanceMetric ?? 0)}.";
    }

    private static string Cures(IReadOnlyList<Run> runs)
    {
        var cured = Enumerable.Range(1, runs.Count - 1).ToLookup(i => Measured.HasLearned(runs[i]));
        string Each(bool hasLearned) => TourWords.Join(
            [.. cured[hasLearned].Select(i => $"{TourPictures.Outcome(runs[i])} with {Nets[i].With}")]);
        return (cured[true].Any(), cured[false].Any()) switch
        {
            (true, false) => $"The same net, as long, reaches {Each(true)}.",
            (false, true) => $"In as many steps none of the three ways out has learned either: {Each(false)}.",
            _ => $"The same net, as long, reaches {Each(true)}, but only {Each(false)}.",
        };
    }

    private static TourPicture Gradient(IReadOnlyList<Run> runs) => new(
        "vanishing-gradient",
        "At step 0 the sigmoid net's gradient changes "
        + $"{TourWords.Decades(Measured.Slope(runs[0]))} decades per layer",
        TourPictures.Layers, TourPictures.RelativeGradient,
        [.. runs.Select((run, i) => TourPictures.WayBack(Nets[i].Name, Nets[i].Tone, Measured.AgainstDepth(run)))]);

    private static TourPicture Losses(IReadOnlyList<Run> runs)
    {
        int learned = runs.Count(Measured.HasLearned);
        // A loss that starts far above guessing would press the rest together.
        double most = Math.Ceiling(1.5 * runs[0].Header.Plan.BaselineLoss ?? 4);
        return new TourPicture(
            "vanishing-loss",
            $"{learned} of {runs.Count} nets learn in {TourWords.Count(runs.Max(run => run.Steps.Count))} steps; "
            + "the percentages are accuracies on test data",
            TourPictures.Step, new TourAxis($"training loss, cut off above {TourWords.Number(most)}", Most: most),
            [.. runs.Select((run, i) => TourPictures.Loss(Nets[i].Name, Nets[i].Tone, run))]);
    }
}
