using GradFlow.Diagnosis;
using GradFlow.Runs;

namespace GradFlow.Companion.Tests;

/// <summary>What is said of trainings that PyTorch did, by the log that the companion wrote.</summary>
public sealed class VerdictTests(TorchTrainings trainings)
{
    [Theory]
    [InlineData("deep-sigmoid", RuleIds.VanishingGradient, CauseIds.Activation)]
    [InlineData("broken", RuleIds.ExplodingGradient, CauseIds.WeightScale)]
    [InlineData("rnn-forgets", RuleIds.VanishingThroughTime, CauseIds.Recurrence)]
    public void A_sick_training_gets_its_rule_and_cause(string name, string rule, string cause)
    {
        DiagnosisResult result = Diagnostician.Judge(trainings.Load(name));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick, result.Verdict.Sentence);
        (result.Findings[0].Rule, result.Findings[0].Cause).ShouldBe((rule, cause), result.Verdict.Sentence);
    }

    [Theory]
    [InlineData("conv-residual")]
    [InlineData("transformer")]
    [InlineData("lstm")]
    public void A_training_that_learns_is_healthy(string name)
    {
        DiagnosisResult result = Diagnostician.Judge(trainings.Load(name));
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy, result.Verdict.Sentence);
        result.Findings.ShouldNotContain(finding => finding.Severity == Severity.Critical);
    }

    [Fact]
    public void The_layer_that_breaks_first_is_named()
    {
        Run run = trainings.Load("broken");
        NonFiniteOrigin origin = run.NonFinite.ShouldNotBeNull();
        (origin.Step, origin.Phase, origin.Operation).ShouldBe((1, "forward", "matrix product"));
        run.Header.Structure.Cuts.ShouldContain(cut => cut.Name == origin.Layer);
        run.End.ShouldNotBeNull().Reason.ShouldBe("non-finite");
        Diagnostician.Judge(run).Findings.ShouldContain(finding => finding.Rule == RuleIds.NonFinite);
    }

    [Fact]
    public void How_far_the_memory_reaches_is_recorded()
    {
        Run run = trainings.Load("rnn-forgets");
        RecurrenceInfo recurrence = run.Header.Structure.Recurrences.ShouldNotBeNull().ShouldHaveSingleItem();
        (recurrence.Type, recurrence.Steps, recurrence.Activation).ShouldBe(("rnn", 60, "tanh"));
        TimeProfile profile = run.Frames[0].ThroughTime.ShouldNotBeNull()[0].ShouldNotBeNull();
        profile.LagNorms.Count.ShouldBe(60);
        LagProfile.MemoryHorizon(profile.LagNorms).ShouldNotBeNull().ShouldBeLessThan(59);
    }

    [Fact]
    public void What_lies_between_cuts_is_told_apart()
    {
        RunStructure residual = trainings.Load("conv-residual").Header.Structure;
        residual.Links.Count(link => link.Kind == LinkKind.Skip).ShouldBe(3);
        residual.Parts.Count(part => part.Kind == LinkKind.Normalization).ShouldBe(6);
        residual.Depth.ShouldBe(8);
        RunStructure encoder = trainings.Load("transformer").Header.Structure;
        encoder.Parts.Count(part => part.Kind == LinkKind.Attention).ShouldBe(3);
        encoder.Links.Count(link => link.Kind == LinkKind.Normalization).ShouldBe(6);
        trainings.Load("lstm").Header.Structure.Cuts[0].Type.ShouldBe("lstm");
    }
}
