using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

public sealed class ConfirmedVerdictTests
{
    private static readonly Verdict Sick =
        new(VerdictKind.Sick, "Sick: nothing has been learned. The steps are large.", []);

    private static readonly Confirmation Refuted = new("refuted", "trained slower, which doesn't teach it either");

    [Fact]
    public void A_confirmed_cause_is_said_to_be() =>
        Of(RuleIds.NoLearning, CauseIds.LearningRate, new Confirmation(
            "confirmed", "trained slower"), isRepaired: false)
            .Sentence.ShouldEndWith("The steps are large; confirmed by changing that alone.");

    [Fact]
    public void A_gradient_that_is_restored_confirms_a_cause_only_where_something_teaches_the_net()
    {
        var restored = new Confirmation("confirmed", "set the gates to keep the state", "decadesPerStep", -0.2, 0);
        Of(RuleIds.VanishingThroughTime, CauseIds.Recurrence, restored, isRepaired: true)
            .Sentence.ShouldEndWith("; confirmed by changing that alone.");
        Of(RuleIds.VanishingThroughTime, CauseIds.Recurrence, restored, isRepaired: false)
            .Sentence.ShouldEndWith(
                "; changing that alone restores the gradient, but no remedy that was tried teaches it.");
    }

    [Fact]
    public void A_guess_that_is_refuted_and_that_nothing_repairs_leaves_the_verdict_open()
    {
        Verdict verdict = Of(RuleIds.NoLearning, CauseIds.LearningRate, Refuted, isRepaired: false);
        verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        verdict.Sentence.ShouldBe(
            "Inconclusive: nothing has been learned. The steps are large; not confirmed by changing that alone "
            + "(trained slower, which doesn't teach it either). No remedy that was tried teaches it, so what keeps it "
            + "from learning is open.");
        verdict.NextToRecord.ShouldHaveSingleItem().ShouldStartWith("more than 266 training steps");
    }

    [Fact]
    public void What_did_best_in_trials_is_told_with_why_it_is_not_kept() =>
        Of(RuleIds.NoLearning, CauseIds.LearningRate, Refuted, isRepaired: false, "Schedule did best, "
            + "but fails in full")
            .Sentence.ShouldEndWith(
                "(trained slower, which doesn't teach it either). Schedule did best, but fails in full; "
                + "what keeps it from learning is open.");

    [Theory]
    [InlineData(RuleIds.NoLearning, CauseIds.LearningRate, true)]
    [InlineData(RuleIds.NonFinite, CauseIds.LearningRate, false)]
    [InlineData(RuleIds.NoLearning, CauseIds.Recurrence, false)]
    public void What_was_measured_or_repaired_stays_sick_with_its_cause_in_doubt(
        string rule, string cause, bool isRepaired)
    {
        Verdict verdict = Of(rule, cause, Refuted, isRepaired);
        verdict.Kind.ShouldBe(VerdictKind.Sick);
        verdict.Sentence.ShouldContain("; not confirmed by changing that alone (trained slower");
    }

    [Fact]
    public void A_net_that_lost_what_it_had_learned_is_sick_of_it_whatever_teaches_it()
    {
        Finding lost = Of(Refuted) with { Evidence = new Dictionary<string, double> { ["bestStep"] = 90 } };
        ConfirmedVerdict.Of(Sick, [lost], false, 266, null).Kind.ShouldBe(VerdictKind.Sick);
        Finding beside = Of(Refuted) with { Rule = RuleIds.VanishingThroughTime, Severity = Severity.Warning };
        ConfirmedVerdict.Of(Sick, [Of(Refuted), beside], false, 266, null).Kind.ShouldBe(VerdictKind.Sick);
        ConfirmedVerdict.Of(Sick, [Of(Refuted)], false, 266, null).Kind.ShouldBe(VerdictKind.Inconclusive);
    }

    private static Finding Of(Confirmation confirmation) => new(
        RuleIds.NoLearning, CauseIds.LearningRate, Severity.Critical, null, 0, new Dictionary<string, double>(), "", [],
        confirmation);

    [Fact]
    public void Where_nothing_could_be_changed_nothing_is_added() =>
        Of(RuleIds.NoLearning, CauseIds.BatchSize, Confirmation.Unconfirmed, isRepaired: false).ShouldBe(Sick);

    private static Verdict Of(
        string rule, string cause, Confirmation confirmation, bool isRepaired, string? promising = null) =>
        ConfirmedVerdict.Of(
        Sick,
        [new Finding(rule, cause, Severity.Critical, null, 0, new Dictionary<string, double>(), "", [], confirmation)],
        isRepaired, 266, promising);
}
