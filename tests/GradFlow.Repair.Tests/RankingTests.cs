using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>What counts as working, on trials that are made up.</summary>
public sealed class RankingTests
{
    [Fact]
    public void A_remedy_that_does_not_beat_the_control_never_works()
    {
        Ranking ranking = Of(("he-init", [0.99, 0.985]), ("xavier-init", [1.2, 0.5]), ("relu", [1.0, 1.0]));
        Works(ranking).ShouldBeEmpty("a remedy's worst seed must lie 2 % below the control's best");
    }

    [Fact]
    public void A_remedy_that_breaks_on_one_seed_never_works() =>
        Works(Of(("he-init", [0.1, double.NaN]), ("relu", [0.1, double.PositiveInfinity]), ("batch-norm", [0.5, 0.5])))
            .ShouldBe(["batch-norm"]);

    [Fact]
    public void What_works_is_ranked_by_its_median_loss() =>
        Works(Of(("he-init", [0.3, 0.5]), ("relu", [0.1, 0.6]), ("batch-norm", [0.5, 0.5]))).ShouldBe(
            ["relu", "he-init", "batch-norm"]);

    [Theory]
    [InlineData(0.097, "batch-norm")]
    [InlineData(0.094, "batch-norm+relu")]
    public void A_second_remedy_must_be_worth_a_twentieth_of_the_loss(double withTwo, string best) =>
        Works(Of(("batch-norm", [0.1, 0.1]), ("batch-norm+relu", [withTwo, withTwo])))[0].ShouldBe(best);

    [Fact]
    public void Of_equal_remedies_the_simpler_one_is_kept() =>
        Works(Of(("batch-norm+relu", [0, 0]), ("batch-norm", [0, 0])))[0].ShouldBe("batch-norm");

    [Fact]
    public void Remedies_from_the_sick_state_are_compared_with_the_control_that_went_on_from_there()
    {
        // Going on untouched comes to 0.4, starting again to 1.
        Ranking ranking = Of(("clip-norm", [0.5, 0.5]), ("relu", [0.5, 0.5]), ("lower-learning-rate", [0.3, 0.3]));
        ranking.Add([Control(ForkKind.Continue)], Trials("control", "continue", [0.4, 0.4]));
        Works(ranking).ShouldBe(["lower-learning-rate", "relu"]);
    }

    [Fact]
    public void Anything_finite_beats_controls_that_all_broke()
    {
        var ranking = new Ranking(TrialScore.ByLoss);
        ranking.Add([Control(ForkKind.Restart)], Trials("control", "restart", [double.NaN, double.NaN]));
        Add(ranking, "he-init", [1e30, 1e30]);
        Works(ranking).ShouldBe(["he-init"]);
    }

    [Fact]
    public void What_trains_the_same_from_the_start_is_verified_once()
    {
        var ranking = new Ranking(TrialScore.ByLoss);
        foreach ((ForkKind kind, string name, double loss) in
            new[] { (ForkKind.Restart, "restart", 0.4), (ForkKind.Continue, "continue", 0.2) })
        {
            ranking.Add([Control(kind)], Trials("control", name, [1, 1]));
            ranking.Add(
                [Candidate.Of(Patients.DeepSigmoid, [new ClipNorm()], kind: kind)!],
                Trials("clip-norm", name, [loss, loss], 0.68));
        }
        Candidate verified = ranking.ToVerify(3).ShouldHaveSingleItem();
        verified.Kind.ShouldBe(ForkKind.Continue);
        ranking.MetricOf(verified).ShouldBe(0.68);
    }

    [Fact]
    public void Every_trial_is_told_the_best_first()
    {
        Ranking ranking = Of(("he-init", [0.3, 0.5]), ("relu", [double.NaN, 0.2]));
        ranking.Trials.Select(trial => trial.Remedy).ShouldBe(
            ["he-init", "he-init", "control", "control", "relu", "relu"]);
    }

    [Fact]
    public void Where_the_last_output_decides_a_lower_loss_is_worth_nothing()
    {
        Ranking ranking = ByAccuracy(800);
        ranking.Add([Control(ForkKind.Restart)], Trials("control", "restart", [1, 1.1], 0.25));
        Add(ranking, "relu", [0.2, 0.2], 0.26);
        Add(ranking, "orthogonal-init", [0.9, 1.2], 0.97);
        Add(ranking, "batch-norm+orthogonal-init", [0.8, 0.8], 1);
        Works(ranking).ShouldBe(["orthogonal-init", "batch-norm+orthogonal-init"]);
    }

    [Theory, InlineData(800, true), InlineData(60, false)]
    public void What_a_small_split_may_show_by_chance_does_not_work(int samples, bool works)
    {
        Ranking ranking = ByAccuracy(samples);
        ranking.Add([Control(ForkKind.Restart)], Trials("control", "restart", [double.NaN, double.NaN], 0.25));
        Add(ranking, "relu", [0.2, 0.2], 0.35);
        Works(ranking).Count.ShouldBe(works ? 1 : 0);
    }

    private static Ranking ByAccuracy(int samples) => new(TrialScore.For(
        new TrainingPlan(300, 100, 64, "cross-entropy", "adam", 0.01, "accuracy", 0.25, 1.5, LongestDependency: 40),
        samples));

    private static List<string> Works(Ranking ranking) => [.. ranking.Working().Select(candidate => candidate.Name)];

    private static Ranking Of(params (string Remedies, double[] Losses)[] entries)
    {
        var ranking = new Ranking(TrialScore.ByLoss);
        ranking.Add([Control(ForkKind.Restart)], Trials("control", "restart", [1, 1.1]));
        foreach ((string remedies, double[] losses) in entries) Add(ranking, remedies, losses);
        return ranking;
    }

    private static void Add(Ranking ranking, string names, double[] losses, double? metric = null)
    {
        Remedy[] remedies = [.. names.Split('+').Select(id => RemedyCatalogue.Find(id)!)];
        ForkKind kind = remedies.Max(remedy => remedy.Kind);
        var candidate = new Candidate(remedies, kind, Patients.DeepSigmoid, "candidate");
        ranking.Add([candidate], Trials(names, kind == ForkKind.Continue ? "continue" : "restart", losses, metric));
    }

    private static Candidate Control(ForkKind kind) => new([], kind, Patients.DeepSigmoid, Candidate.Control);

    private static List<Trial> Trials(string name, string kind, double[] losses, double? metric = null) =>
        [.. losses.Select((loss, seed) => new Trial(
            name, kind, seed, 100, loss, metric, [], [], null, name == "control" ? "control" : "candidate"))];
}
