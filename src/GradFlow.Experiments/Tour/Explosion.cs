using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>A deep net that explodes: as it is, with its gradient clipped, and with weights that fit.</summary>
internal sealed class Explosion : Stop
{
    private const int Steps = 2000;
    private const double Std = 0.5, MaxNorm = 1;

    /// <inheritdoc/>
    public override IEnumerable<Leg> Legs(TourOptions options)
    {
        Experiment large = TourNets.DeepRelu(options.Seed, options.Steps(Steps), new NormalInitSpec { Std = Std });
        Experiment he = TourNets.DeepRelu(options.Seed, options.Steps(Steps), new HeNormalInitSpec());
        TrainingSpec clipped = large.Training with { Clip = new ClipNormSpec { Max = MaxNorm } };
        yield return new Leg(large, CostPerStep: 2);
        yield return new Leg(large with { Training = clipped }, CostPerStep: 2);
        yield return new Leg(he, CostPerStep: 2);
    }

    /// <inheritdoc/>
    public override TourStop Tell(IReadOnlyList<Run> runs) => new(
        "exploding", "A net that explodes, and what clipping does",
        "Weights that are too large enlarge whatever passes them, on the way to the loss and on the way back; clipping "
        + "shortens the whole gradient to a length that is safe.",
        [Sick(runs[0]), Clipped(runs[1], runs[2])], [Gradient(runs), Losses(runs)],
        "gradflow doctor examples/03-exploding.yaml",
        "the first number that overflows, and what was tried against it");

    private static string Sick(Run run)
    {
        int depth = run.Header.Structure.Depth;
        string end = Measured.BrokenAt(run) is { } step
            ? $"the loss is {LastLoss(run)} at step {TourWords.Count(step)}"
            : $"the training survives {TourWords.Count(run.Steps.Count)} steps with {TourPictures.Outcome(run)} right";
        return $"At step 0, in the net of {depth} layers, layer 1 receives "
            + $"{TourWords.Factor(Measured.AgainstDepth(run)[0].Norm)} times the gradient of layer {depth} "
            + $"({TourWords.Decades(Measured.Slope(run))} decades per layer), and {end}.";
    }

    private static string Clipped(Run clipped, Run he)
    {
        string remedy = $"weights of the right size (He's) bring {TourPictures.Outcome(he)}";
        string factor = $"Clipping to a norm of {TourWords.Number(MaxNorm)}, a factor of "
            + $"{TourWords.Factor(Math.Log10(clipped.Steps[0].ClipCoefficient ?? 1))} at the first step,";
        if (Measured.BrokenAt(clipped) is not null)
            return $"{factor} does not save it ({TourPictures.Outcome(clipped)}); {remedy}.";
        string end = Measured.HasLearned(clipped) ? "and it learns" : "but teaches it next to nothing";
        Frame last = clipped.Frames[^1];
        double? slope = DepthProfile.DecadesPerLayer(clipped.Header.Structure.Cuts, last.CutNorms);
        return $"{factor} keeps the training finite for {TourWords.Count(clipped.Steps.Count)} steps, {end} "
            + $"({TourPictures.Outcome(clipped)} right, guessing gets "
            + $"{TourWords.Percent(clipped.Header.Plan.ChanceMetric ?? 0)}): at step {TourWords.Count(last.Step)} "
            + $"the gradient still changes {TourWords.Decades(slope)} decades per layer, while {remedy}.";
    }

    private static string LastLoss(Run run) => double.IsNaN(run.Steps[^1].Loss) ? "NaN" : "infinite";

    private static TourPicture Gradient(IReadOnlyList<Run> runs)
    {
        Frame last = runs[1].Frames[^1];
        double? slope = DepthProfile.DecadesPerLayer(runs[1].Header.Structure.Cuts, last.CutNorms);
        return new TourPicture(
            "clipping-gradient",
            $"The gradient changes {TourWords.Decades(Measured.Slope(runs[0]))} decades per layer at step 0 and, "
            + $"clipped, {TourWords.Decades(slope)} at step {TourWords.Count(last.Step)}",
            TourPictures.Layers, TourPictures.RelativeGradient,
            [
                TourPictures.WayBack("as it is", LineTone.Exploding, Measured.AgainstDepth(runs[0]), note: "step 0"),
                TourPictures.WayBack(
                    "clipped", LineTone.Clipping, Measured.AgainstDepth(runs[1], last),
                    note: $"step {TourWords.Count(last.Step)}"),
                TourPictures.WayBack(
                    "He's weights", LineTone.Weights, Measured.AgainstDepth(runs[2]), note: "step 0"),
            ]);
    }

    private static string Ends(Run run) => Measured.BrokenAt(run) is { } step
        ? $"breaks at step {TourWords.Count(step)}"
        : $"gets {TourPictures.Outcome(run)} right on test data";

    private static TourPicture Losses(IReadOnlyList<Run> runs) => new(
        "clipping-loss",
        $"As it is, the net {Ends(runs[0])}; clipped, it {Ends(runs[1])}; with He's weights, it {Ends(runs[2])}",
        TourPictures.Step, new TourAxis("training loss", IsLog: true),
        [
            TourPictures.Loss("as it is", LineTone.Exploding, runs[0], isLog: true),
            TourPictures.Loss("clipped", LineTone.Clipping, runs[1], isLog: true),
            TourPictures.Loss("He's weights", LineTone.Weights, runs[2], isLog: true),
        ]);
}
