using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests;

/// <summary>What the tour says of a memory follows from what was measured of it.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void A_memory_that_ends_before_the_country_is_said_to_end_there()
    {
        TourStop stop = new Memory().Tell([Run(-0.16, 0.26), Run(-0.02, 0.998)]);
        stop.Sentences[0].ShouldContain(
            "10⁻⁶·⁴ of the last word's gradient is left there, and less than 1 % from 13 words back on");
        stop.Sentences[0].ShouldContain("26.0 % of the last words are right on test data, where guessing gets 25.0 %.");
        stop.Sentences[1].ShouldContain(
            "15.8 % of the last word's gradient is left there (−0.020 decades per word), and it learns: ");
        stop.Pictures[0].Title.ShouldContain("10⁻⁶·⁴ of the gradient is left in the RNN and 15.8 % in the LSTM");
        stop.Pictures[1].Title.ShouldContain("26.0 %");
    }

    [Fact]
    public void A_memory_that_does_what_nobody_expects_is_said_to()
    {
        TourStop stop = new Memory().Tell([Run(-0.16, 0.9), Run(-0.16, 0.25)]);
        stop.Sentences[0].ShouldEndWith("so it has learned the country all the same.");
        stop.Sentences[1].ShouldContain("but it has not learned the country either: after as many steps 25.0 %");
    }

    private static Run Run(double decadesPerWord, double accuracy)
    {
        Run run = new SyntheticRun().Build();
        double?[] norms = [.. Enumerable.Range(0, 45).Select(lag => (double?)(-1 + decadesPerWord * lag))];
        TrainingPlan plan = run.Header.Plan with { ChanceMetric = 0.25, LongestDependency = 40 };
        return run with
        {
            Header = run.Header with { Plan = plan },
            Frames = [.. run.Frames.Select(frame => frame with { ThroughTime = [new TimeProfile(norms)] })],
            Evaluations = [new Evaluation(300, 3, "test", 1, accuracy, 500)],
        };
    }
}
