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
            "in the RNN, at step 0, 10⁻⁶·⁴ of the last word's gradient is left there (−0.160 decades per word), and "
            + "less than 1 % from 13 words back on, and");
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

    [Fact]
    public void What_is_left_and_the_decades_per_word_agree_where_the_first_words_differ_from_the_rest()
    {
        // Falls by 1.6 decades at once and rises again by half of that: a fitted line rises, and 15.8 % are left.
        Run lstm = Run(lag => lag == 0 ? 0 : -1.6 + 0.02 * lag, 0.998);
        new Memory().Tell([Run(-0.16, 0.26), lstm]).Sentences[1].ShouldStartWith(
            "In the LSTM, at step 0, 15.8 % of the last word's gradient is left there (−0.020 decades per word)");
    }

    [Fact]
    public void A_gradient_that_does_not_reach_the_country_has_no_decades_per_word() =>
        new Memory().Tell([Run(lag => lag < 9 ? 0 : double.NegativeInfinity, 0.26), Run(-0.02, 0.998)]).Sentences[0]
            .ShouldContain(
                "exactly 0 of the last word's gradient is left there, and less than 1 % from 9 words back on");

    private static Run Run(double decadesPerWord, double accuracy) =>
        Run(lag => -1 + decadesPerWord * lag, accuracy);

    private static Run Run(Func<int, double> normAtLag, double accuracy)
    {
        Run run = new SyntheticRun().Build();
        double?[] norms = [.. Enumerable.Range(0, 45).Select(lag => (double?)normAtLag(lag))];
        TrainingPlan plan = run.Header.Plan with { ChanceMetric = 0.25, LongestDependency = 40 };
        return run with
        {
            Header = run.Header with { Plan = plan },
            Frames = [.. run.Frames.Select(frame => frame with { ThroughTime = [new TimeProfile(norms)] })],
            Evaluations = [new Evaluation(300, 3, "test", 1, accuracy, 500)],
        };
    }
}
