using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>The three regimes of a product of Jacobians, expected and measured.</summary>
internal sealed class JacobianProduct : Stop
{
    private static readonly double[] Gains = [1.25, 1, 0.8];

    /// <inheritdoc/>
    public override IEnumerable<Leg> Legs(TourOptions options) =>
        Gains.Select(gain => new Leg(TourNets.OfGain(options.Seed, gain), CostPerStep: 100));

    /// <inheritdoc/>
    public override TourStop Tell(IReadOnlyList<Run> runs)
    {
        int depth = runs[0].Header.Structure.Depth;
        double[] totals = [.. runs.Select(run => Measured.AgainstDepth(run)[0].Norm)];
        string[] gains = [.. Gains.Select(gain => $"gain {TourWords.Number(gain)}")];
        var arrives = gains.Zip(totals, (gain, total) => $"times {TourWords.Factor(total)} at {gain}");
        var expected = runs.Select(run => TourWords.Decades(run.Forecast?.DecadesPerLayer));
        var measured = runs.Select(run => TourWords.Decades(Measured.Slope(run)));
        return new TourStop(
            "product", "What a product of Jacobians does",
            "On its way back the gradient is multiplied by one matrix per layer, the layer's Jacobian, so what a layer "
            + "does to its size is done again by the next, and again.",
            [
                $"Three nets of {depth} ReLU layers differ in nothing but the size of their weights, and layer 1 "
                + $"receives the gradient of layer {depth} {TourWords.Join([.. arrives])}.",
                $"Theory had forecast {TourWords.Join([.. expected])} decades per layer before the first step; "
                + $"measured were {TourWords.Join([.. measured])}.",
            ],
            [Picture(runs, gains, totals)],
            "gradflow inspect examples/05-xavier-relu.yaml",
            "the forecast for weights that are too small, in a second and without training");
    }

    private static TourPicture Picture(IReadOnlyList<Run> runs, string[] gains, double[] totals)
    {
        string[] powers = [.. totals.Select(TourWords.Factor)];
        int passed = runs[0].Header.Structure.Depth - 1;
        return new TourPicture(
            "three-regimes", $"After {passed} layers the gradient is {TourWords.Join(powers)} times as large",
            TourPictures.Layers, TourPictures.RelativeGradient,
            [
                .. runs.Select((run, i) => TourPictures.WayBack(
                    gains[i], ToneOf(totals[i]), Measured.AgainstDepth(run), note: powers[i])),
                .. runs.Select((run, i) => TourPictures.WayBack(
                    $"forecast for {gains[i]}", ToneOf(totals[i]), Measured.ExpectedAgainstDepth(run),
                    isForecast: true)),
            ]);
    }

    private static LineTone ToneOf(double decades) => decades switch
    {
        < -2 => LineTone.Vanishing,
        > 2 => LineTone.Exploding,
        _ => LineTone.Flowing,
    };
}
