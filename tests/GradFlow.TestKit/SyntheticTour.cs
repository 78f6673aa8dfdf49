using GradFlow.Runs;

namespace GradFlow.TestKit;

/// <summary>A small tour whose numbers are known, with every kind of line that a tour has.</summary>
public static class SyntheticTour
{
    private static readonly TourAxis Layers = new("layers passed on the way back from the loss");
    private static readonly TourAxis Gradient = new("gradient norm, the last layer's = 1", IsLog: true);
    private static readonly TourAxis Steps = new("steps");

    /// <summary>The tour.</summary>
    public static Tour Build() => new(
        7, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "gradflow test", 12.5,
        [
            new TourStop(
                "product", "What a product does", "What one layer does, the next does again.",
                ["At gain 0.8 the first layer receives 10⁻⁹·⁸ as much.", "Forecast were −0.097 decades per layer."],
                [Regimes()], "gradflow inspect examples/05-xavier-relu.yaml", "the forecast alone"),
            new TourStop(
                "exploding", "A net that explodes", "Weights that are too large enlarge what passes them.",
                ["The loss is NaN at step 2.", "Clipped, 11.8 % are right, and that is no better than guessing."],
                [Broken(), Scores()], "gradflow doctor examples/03-exploding.yaml", "what was tried against it"),
        ]);

    private static TourPicture Regimes() => new(
        "regimes", "After 40 layers the gradient is 10⁴, 1 and 10⁻⁴ times as large", Layers, Gradient,
        [
            Line("gain 1.25", LineTone.Exploding, 40, k => 0.1 * k, note: "10⁴"),
            Line("gain 1", LineTone.Flowing, 40, k => 0.002 * k, note: "1"),
            Line("gain 0.8", LineTone.Vanishing, 40, k => -0.1 * k, note: "10⁻⁴"),
            Line("forecast for gain 1.25", LineTone.Exploding, 40, k => 0.11 * k, isForecast: true),
            Line("cut", LineTone.Clipping, 40, k => k < 20 ? 1 : double.NegativeInfinity),
        ]);

    private static TourPicture Broken() => new(
        "loss", "NaN at step 2 as it is", Steps, new TourAxis("training loss", Most: 4),
        [
            Line("as it is", LineTone.Exploding, 2, k => k < 2 ? 2.3 + k : double.NaN, note: "NaN at step 2"),
            Line("clipped", LineTone.Clipping, 50, _ => 2.3, note: "11.8 %"),
            Line("residual", LineTone.Skip, 50, k => 9.0 / (1 + k), note: "87.7 %"),
            Line("batch norm", LineTone.Normalization, 50, k => 2.3 / (1 + 0.1 * k), note: "90.3 %"),
        ]);

    private static TourPicture Scores() => new(
        "scores", "The last word is right in 98 % and 48 % of the sentences", Steps,
        new TourAxis("last word right", IsShare: true),
        [
            Line("LSTM", LineTone.Recurrence, 30, k => 0.5 + 0.016 * k),
            Line("RNN", LineTone.Vanishing, 30, k => k == 9 ? null : 0.5 - 0.02 * (k % 2)),
        ]);

    private static TourLine Line(
        string name, LineTone tone, int last, Func<int, double?> height, bool isForecast = false,
        string? note = null) =>
        new(name, tone, [.. Places(last).Select(k => (double)k)], [.. Places(last).Select(height)], isForecast, note);

    // A dozen points at most, so that the tour can be read as text.
    private static IEnumerable<int> Places(int last)
    {
        int stride = Math.Max(1, last / 10);
        return Enumerable.Range(0, last / stride + 1).Select(i => i * stride);
    }
}
