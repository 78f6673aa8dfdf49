using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

public sealed partial class ThroughTimeTests
{
    [Fact]
    public void A_gate_is_told_how_far_it_would_have_to_be_open()
    {
        Run run = WithStep(
            Lstm.Build(), profile => profile with { Gates = [new GateStatistics("forget", 0.5, 0.02, 0.1)] });
        Finding finding = Diagnostician.Judge(run).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Explanation.ShouldContain(
            "The forget gate is 50 % open on average; to keep 1 % over 40 steps takes 89 %.");
        finding.Evidence["forgetGate"].ShouldBe(0.5, 1e-12);
        finding.Evidence["forgetGateOpenShare"].ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void Gates_that_let_next_to_nothing_through_are_told_how_little() =>
        Diagnostician.Judge((Forgets with { Type = "lstm", WeightDecades = [-0.1], GateDecades = -4.35 }).Build())
            .Findings[0].Explanation.ShouldContain("gates that let through 0.00447 % of the state per time step");

    [Theory]
    [InlineData("lstm", "gates", "forget-bias")]
    [InlineData("leaky-rnn", "leaks", "leaky-units")]
    [InlineData("lru", "eigenvalues", "leaky-units")]
    public void What_carries_the_state_is_called_by_its_name(string type, string carrier, string remedy)
    {
        DiagnosisResult result = Diagnostician.Judge((Lstm with { Type = type }).Build());
        result.Verdict.Sentence.ShouldContain($"{carrier} that let through");
        result.Attribution.ShouldContain(entry => entry.Link.EndsWith($" {carrier}", StringComparison.Ordinal));
        result.Findings[0].Remedies[0].ShouldBe(remedy);
    }

    [Fact]
    public void Shut_gates_are_named_and_opened_first()
    {
        Finding finding = Diagnostician.Judge(Lstm.Build()).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Explanation.ShouldContain(
            "gates that let through 50 % of the state per time step (100 % of the decay)");
        finding.Remedies[0].ShouldBe("forget-bias");
    }

    [Fact]
    public void A_memory_in_any_layer_will_do()
    {
        Diagnostician.Judge((Forgets with { WeightDecades = [-0.24, 0.06] }).Build())
            .Findings.ShouldNotContain(finding => finding.Rule == RuleIds.VanishingThroughTime);
        Finding both = Diagnostician.Judge((Forgets with { WeightDecades = [-0.24, -0.1] }).Build()).Findings[0];
        both.Rule.ShouldBe(RuleIds.VanishingThroughTime);
        both.Where!.First.ShouldBe("2.rnn");
    }
}
