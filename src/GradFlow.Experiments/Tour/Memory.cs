using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>The RNN that forgets France and the LSTM that doesn't: what is left of a gradient through time.</summary>
internal sealed class Memory : Stop
{
    private const int Steps = 1000, Units = 64;

    private static readonly (string Name, LineTone Tone)[] Nets =
        [("RNN", LineTone.Vanishing), ("LSTM", LineTone.Recurrence)];

    /// <inheritdoc/>
    public override IEnumerable<Leg> Legs(TourOptions options)
    {
        int steps = options.Steps(Steps);
        var rnn = new RnnSpec { Out = Units };
        var lstm = new LstmSpec { Out = Units, ForgetBias = 5 };
        yield return new Leg(TourNets.Agreement(options.Seed, steps, rnn), CostPerStep: 2);
        yield return new Leg(TourNets.Agreement(options.Seed, steps, lstm), CostPerStep: 3);
    }

    /// <inheritdoc/>
    public override TourStop Tell(IReadOnlyList<Run> runs) => new(
        "memory", "Through time: the RNN and the LSTM",
        "\"i grew up in france … i speak\": through time a recurrent net multiplies by one Jacobian per word, as a "
        + "deep one does by one per layer; an LSTM carries its state past them, through a gate that can stay open.",
        [Rnn(runs[0]), Lstm(runs[1])], [Gradient(runs), Scores(runs)],
        "gradflow doctor examples/06-forgetful-rnn.yaml",
        "the gradient against lag, how far back the memory reaches, and what repairs it");

    private static string Rnn(Run run)
    {
        string learned = Measured.HasLearned(run) ? ", so it has learned the country all the same" : "";
        return $"The country stands {TourWords.Count(Distance(run))} words before its language; in the RNN, at step "
            + $"{TourWords.Count(First(run)?.Step ?? 0)}, {Left(run)}, "
            + $"and after {TourWords.Count(run.Steps.Count)} steps "
            + $"{TourPictures.Outcome(run)} of the last words are right on test data, where guessing gets "
            + $"{TourWords.Percent(run.Header.Plan.ChanceMetric ?? 0)}{learned}.";
    }

    private static string Lstm(Run run)
    {
        string end = Measured.HasLearned(run) ? "and it learns" : "but it has not learned the country either";
        return $"In the LSTM, at step {TourWords.Count(First(run)?.Step ?? 0)}, {Left(run)}, {end}: after as many "
            + $"steps {TourPictures.Outcome(run)} are right.";
    }

    /// <summary>What is left of the last word's gradient at the country, and where it has fallen below 1 %.</summary>
    private static string Left(Run run)
    {
        string left = $"{Remainder(run)} of the last word's gradient is left there{PerWord(run)}";
        return LagProfile.MemoryHorizon(Norms(run)) is { } horizon && horizon < Distance(run)
            ? $"{left}, and less than 1 % from {TourWords.Count(horizon)} words back on"
            : left;
    }

    private static int Distance(Run run) => run.Header.Plan.LongestDependency ?? Norms(run).Count - 1;

    private static double AtCountry(Run run)
    {
        IReadOnlyList<double?> norms = Norms(run);
        return (norms.ElementAtOrDefault(Distance(run)) - norms.FirstOrDefault()) ?? double.NaN;
    }

    private static string Remainder(Run run) => AtCountry(run) is > -2 and var log
        ? TourWords.Percent(Math.Pow(10, log))
        : TourWords.Factor(AtCountry(run));

    /// <summary>
    /// The mean over the words up to the country, which comes to what is left there. A line fitted to all lags needn't:
    /// over the first words an LSTM's gradient changes otherwise than over the rest.
    /// </summary>
    private static string PerWord(Run run) => AtCountry(run) is var log && double.IsFinite(log)
        ? $" ({TourWords.Decades(log / Distance(run))} decades per word)"
        : "";

    /// <summary>The frame that what is left was first measured in.</summary>
    private static Frame? First(Run run) =>
        run.Frames.FirstOrDefault(frame => frame.ThroughTime?[0]?.LagNorms is not null);

    /// <summary>log10 ‖∂L_τ/∂s_{τ−k}‖ by lag k, when it was first measured.</summary>
    private static IReadOnlyList<double?> Norms(Run run) => First(run)?.ThroughTime![0]!.LagNorms ?? [];

    private static TourPicture Gradient(IReadOnlyList<Run> runs) => new(
        "memory-gradient",
        $"{TourWords.Count(Distance(runs[0]))} words back at step {TourWords.Count(First(runs[0])?.Step ?? 0)}, "
        + $"{Remainder(runs[0])} of the gradient is left in the RNN and "
        + $"{Remainder(runs[1])} in the LSTM",
        new TourAxis("words back from the last"), new TourAxis("gradient norm, the last word's = 1", IsLog: true),
        [.. runs.Select((run, i) => AgainstLag(Nets[i].Name, Nets[i].Tone, Norms(run)))]);

    private static TourLine AgainstLag(string name, LineTone tone, IReadOnlyList<double?> norms) => new(
        name, tone, [.. norms.Select((_, lag) => (double)lag)], [.. norms.Select(norm => norm - norms[0])]);

    private static TourPicture Scores(IReadOnlyList<Run> runs) => new(
        "memory-score",
        $"The RNN gets {TourPictures.Outcome(runs[0])} of the last words right on test data, the LSTM "
        + TourPictures.Outcome(runs[1]),
        TourPictures.Step, new TourAxis("last word right in training", IsShare: true),
        [.. runs.Select((run, i) => TourPictures.Score(Nets[i].Name, Nets[i].Tone, run))]);
}
