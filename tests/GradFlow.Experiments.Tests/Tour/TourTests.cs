using System.Text.RegularExpressions;
using GradFlow.Runs;

namespace GradFlow.Experiments.Tests;

/// <summary>A tour in a quarter of its steps, measured once for all tests.</summary>
public sealed class MeasuredTour
{
    public MeasuredTour() => Tour = Lead(Arrived.Add);

    public GradFlow.Runs.Tour Tour { get; }

    public List<TourStop> Arrived { get; } = [];

    public static GradFlow.Runs.Tour Lead(Action<TourStop>? arrived = null) =>
        new TourGuide(new TourOptions { IsQuick = true, Seed = 3 }).Lead(arrived: arrived);
}

public sealed partial class TourTests(MeasuredTour measured) : IClassFixture<MeasuredTour>
{
    [Fact]
    public void Every_stop_has_pictures_two_sentences_with_numbers_and_a_command()
    {
        foreach (TourStop stop in measured.Tour.Stops)
        {
            stop.Pictures.ShouldNotBeEmpty(stop.Id);
            stop.Sentences.Count.ShouldBe(2, stop.Id);
            stop.Sentences.ShouldAllBe(sentence => Digit().IsMatch(sentence) && sentence.EndsWith('.'));
            stop.Deeper.ShouldStartWith("gradflow ");
            stop.Pictures.SelectMany(picture => picture.Lines).ShouldAllBe(line => line.X.Count == line.Y.Count);
        }
        measured.Tour.Stops.SelectMany(stop => stop.Pictures).Select(picture => picture.Id).ShouldBeUnique();
    }

    [Fact]
    public void Each_stop_is_told_by_itself_in_order() => measured.Arrived.ShouldBe(measured.Tour.Stops);

    [Fact]
    public void The_three_regimes_are_where_theory_put_them()
    {
        IReadOnlyList<TourLine> lines = Stop("product").Pictures[0].Lines;
        TourLine[] expected = [.. lines.Where(line => line.IsForecast)];
        TourLine[] found = [.. lines.Where(line => !line.IsForecast)];
        expected.Length.ShouldBe(3);
        foreach ((TourLine forecast, TourLine line) in expected.Zip(found))
        {
            // The log of a norm loses 5/(4n) nats per layer of He's ReLU at width n and varies by about √(5/n) of them.
            double layers = line.X[^1], drift = 5.0 / (4 * 128) / Math.Log(10);
            double spread = Math.Sqrt(layers * 5 / 128) / 2 / Math.Log(10);
            double miss = line.Y[^1]!.Value - (forecast.Y[^1]!.Value - layers * drift);
            miss.ShouldBeInRange(-4 * spread, 4 * spread, line.Name);
        }
        found.Select(line => line.Tone).ShouldBe([LineTone.Exploding, LineTone.Flowing, LineTone.Vanishing]);
    }

    [Fact]
    public void The_numbers_in_the_sentences_are_those_of_the_pictures()
    {
        TourStop product = Stop("product"), vanishing = Stop("vanishing"), exploding = Stop("exploding");
        foreach (TourLine line in product.Pictures[0].Lines.Where(line => !line.IsForecast))
            product.Sentences[0].ShouldContain($"times {TourWords.Factor(line.Y[^1]!.Value)} at {line.Name}");
        vanishing.Sentences[0].ShouldContain(TourWords.Factor(vanishing.Pictures[0].Lines[0].Y[^1]!.Value));
        foreach (TourLine line in vanishing.Pictures[1].Lines)
            vanishing.Sentences.ShouldContain(sentence => sentence.Contains(line.Note!));
        exploding.Sentences[0].ShouldContain(TourWords.Factor(exploding.Pictures[0].Lines[0].Y[^1]!.Value));
        foreach (TourLine line in exploding.Pictures[1].Lines.Skip(1)) exploding.Sentences[1].ShouldContain(line.Note!);
        TourStop memory = Stop("memory");
        TourLine rnn = memory.Pictures[0].Lines[0];
        memory.Sentences[0].ShouldContain(TourWords.Factor(rnn.Y[rnn.X.ToList().IndexOf(40)]!.Value));
        foreach ((TourLine line, string sentence) in memory.Pictures[1].Lines.Zip(memory.Sentences))
            sentence.ShouldContain(line.Note!);
    }

    [Fact]
    public void The_same_seed_gives_the_same_tour() => Text(MeasuredTour.Lead()).ShouldBe(Text(measured.Tour));

    [Theory]
    [InlineData("01-deep-sigmoid.yaml", "deep-sigmoid")]
    [InlineData("03-exploding.yaml", "exploding")]
    public void The_nets_are_those_of_the_examples_that_go_deeper(string file, string name)
    {
        Experiment example = ExperimentFile.Read(TestKit.RepositoryFiles.At("examples", file));
        Experiment shown = name == "exploding"
            ? TourNets.DeepRelu(example.Seed, 1, new NormalInitSpec { Std = 0.5 })
            : TourNets.DeepSigmoid(example.Seed, 1);
        ExperimentFile.Write(shown with { Data = example.Data, Training = example.Training })
            .ShouldBe(ExperimentFile.Write(example));
    }

    private TourStop Stop(string id) => measured.Tour.Stops.Single(stop => stop.Id == id);

    private static string Text(GradFlow.Runs.Tour tour) =>
        RunJson.Serialize(tour with { StartedAt = DateTimeOffset.UnixEpoch, Seconds = 0 });

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();
}
