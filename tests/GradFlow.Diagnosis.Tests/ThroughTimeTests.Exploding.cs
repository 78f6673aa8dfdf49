using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed partial class ThroughTimeTests
{
    /// <summary>Recurrent weights so large that the gradient grows by a tenth of a decade per time step.</summary>
    private static readonly SyntheticRecurrentRun Explodes = new()
    {
        WeightDecades = [0.5],
        ActivationDecades = -0.4,
        Loss = _ => SyntheticRecurrentRun.Baseline,
    };

    [Fact]
    public void An_expanding_matrix_in_chaos_is_said_to_be_both()
    {
        Run run = WithStep(Explodes.Build(), profile => profile with
        {
            Lyapunov = Math.Log(1.25),
            Spectrum = new RecurrentSpectrum([3.1], [0], 3.1, 4),
        });
        Diagnostician.Judge(run).Findings[0].Explanation.ShouldContain(
            "The recurrent matrix expands: its largest eigenvalue is 3.1 in size. Small differences of the state grow "
            + "1.25 times in each time step, which is chaos.");
        run = run.WithStructure(net => net with
        {
            Recurrences = [.. net.Recurrences!.Select(layer => layer with { Activation = "relu" })],
        });
        Diagnostician.Judge(run).Findings[0].Explanation.ShouldContain(
            "1.25 times in each time step.", customMessage: "a rectifier's states have no bounds");
    }

    [Fact]
    public void States_that_explode_behind_a_truncated_gradient_explain_the_NaN()
    {
        SyntheticRecurrentRun hot = Explodes with
        {
            Window = 3,
            NaNFrom = 1,
            StateRms = t => 0.1 * Math.Pow(10, 0.1 * t),
        };
        DiagnosisResult result = Diagnostician.Judge(hot.Build());
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.ExplodingThroughTime, CauseIds.Recurrence));
        finding.Severity.ShouldBe(Severity.Critical);
        finding.Evidence["stateDecadesPerStep"].ShouldBe(0.1, 1e-9);
        finding.Remedies[0].ShouldBe("orthogonal-init");
        result.Verdict.Sentence.ShouldBe(
            "Sick: the states explode through time. The states grow by 0.10 decades per time step on the way forward, "
            + "20000 times over a sequence, from step 0 on; truncated back-propagation hides it from the gradient, "
            + "which it ends after 3 time steps. Cause: recurrent weights that are too large, with a gain of 3.16 per "
            + "time step where tanh needs 1.");
        Finding broken = result.Findings.Single(found => found.Rule == RuleIds.NonFinite);
        broken.Cause.ShouldBe(CauseIds.Recurrence);
        broken.Explanation.ShouldContain("The states explode through time before it, by recurrent weights");
    }

    [Fact]
    public void States_that_sum_their_inputs_behind_a_window_do_not_explode()
    {
        SyntheticRecurrentRun sums = Explodes with { Window = 3, NaNFrom = 1, StateRms = t => 0.01 * (t + 1) };
        Finding finding = Diagnostician.Judge(sums.Build()).Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NonFinite, CauseIds.LearningRate));
        finding.Explanation.ShouldContain("which points to steps that are too large");
    }

    [Fact]
    public void An_exploding_gradient_that_ends_in_NaN_explains_it()
    {
        DiagnosisResult result = Diagnostician.Judge((Explodes with { NaNFrom = 5 }).Build());
        result.Findings[0].Rule.ShouldBe(RuleIds.ExplodingThroughTime);
        result.Findings[0].Severity.ShouldBe(Severity.Critical);
        result.Verdict.Sentence.ShouldStartWith(
            "Sick: the gradient explodes through time. "
                + "It grows by 0.10 decades per time step: 43 steps back it is 20000 ");
        Finding broken = result.Findings.Single(finding => finding.Rule == RuleIds.NonFinite);
        broken.Cause.ShouldBe(CauseIds.Recurrence);
        broken.Explanation.ShouldContain("explodes through time before it");
        broken.Remedies.ShouldBe(result.Findings[0].Remedies);
    }

    [Fact]
    public void Clipping_that_does_not_teach_is_told_so_without_a_NaN_that_nobody_saw()
    {
        Finding finding = Diagnostician.Judge((Explodes with { ClipCoefficient = 2e-4 }).Build()).Findings[0];
        finding.Severity.ShouldBe(Severity.Critical);
        finding.Explanation.ShouldContain("With clipping, a typical step keeps 0.02 % of its gradient. But it does not "
            + "teach");
        finding.Explanation.ShouldNotContain("NaN");
        Diagnostician.Judge((Explodes with { ClipCoefficient = 0.7 }).Build()).Findings[0]
            .Explanation.ShouldNotContain("Clipping");
        Diagnostician.Judge((Explodes with { ClipCoefficient = 2e-4, Accuracy = Solves }).Build())
            .Verdict.Kind.ShouldBe(VerdictKind.Healthy);
    }

    [Fact]
    public void Trouble_that_training_brought_about_is_blamed_on_it()
    {
        // Sound at the start, and a growth of more than 3 decades at the end.
        Finding finding = Diagnostician.Judge(
            (Explodes with { WeightDecades = [0.4], Drift = 0.1 }).Build()).Findings[0];
        finding.Rule.ShouldBe(RuleIds.ExplodingThroughTime);
        finding.Cause.ShouldBe(CauseIds.LearningRate);
        finding.SinceStep.ShouldBeGreaterThan(200);
    }

    [Theory]
    [InlineData("adam", 1.0, true)]
    [InlineData("adam", null, false)]
    [InlineData("sgd", 1.0, false)]
    public void A_gradient_that_explodes_at_one_step_and_leaves_a_net_that_forgets_is_told_as_exploding(
        string optimizer, double? clip, bool isClippingVain)
    {
        SyntheticRecurrentRun irnn = Forgets with
        {
            Type = "irnn",
            Activation = "relu",
            Length = 784,
            LongestDependency = null,
            ClipCoefficient = clip,
            Loss = step => step == 20 ? 4e12 : SyntheticRecurrentRun.Baseline,
        };
        Run At(double weights) => (irnn with { WeightDecades = [weights], ActivationDecades = 0 }).Build();
        (Run kept, Run bursts, Run forgets) = (At(0), At(0.0167), At(-0.06));
        Run run = (forgets with
        {
            Frames = [.. forgets.Frames.Select((frame, i) => i < 2 ? (i == 0 ? kept : bursts).Frames[i] : frame)],
        }).WithPlan(plan => plan with { Optimizer = optimizer });
        DiagnosisResult result = Diagnostician.Judge(run);
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause, finding.SinceStep, finding.Severity).ShouldBe(
            (RuleIds.ExplodingThroughTime, CauseIds.LearningRate, 20, Severity.Critical));
        finding.Explanation.ShouldStartWith(
            "The gradient of the last output grows by 0.017 decades per time step: 783 steps back it is 10¹³ times "
            + "what it is at the output, at step 20, where the loss leaps to 4.0·10¹². At the start it was sound; the "
            + "cause is the training itself, most likely by steps that are too large. There the recurrent weights have "
            + "a gain of 1.04 per time step, which over 783 steps comes to 10¹³.");
        finding.Explanation.Contains("Clipping does not hold it off: adam divides by the gradient's size")
            .ShouldBe(isClippingVain);
        finding.Remedies[0].ShouldBe("lower-learning-rate");
        finding.Remedies.ShouldContain("layer-norm");
        finding.Remedies.Contains("clip-norm").ShouldBe(!isClippingVain);
        finding.Evidence.Keys.ShouldNotContain("neededLag", "nobody knows what the task needs");
        result.Findings.ShouldNotContain(found => found.Rule == RuleIds.VanishingThroughTime);
        result.Findings.Single(found => found.Rule == RuleIds.NoLearning).Explanation
            .ShouldEndWith("That the gradient explodes through time explains it.");
        // Without a leap of the loss a mean over the frames stands, in which most of them forget.
        Diagnostician.Judge(run with
        {
            Steps = [.. run.Steps.Select(step => step with { Loss = SyntheticRecurrentRun.Baseline })],
        }).Findings[0].Rule.ShouldBe(RuleIds.VanishingThroughTime);
    }

    [Fact]
    public void A_gradient_that_explodes_at_the_start_and_vanishes_after_the_steps_that_it_gave_exploded()
    {
        Run Then(SyntheticRecurrentRun start)
        {
            Run later = Forgets.Build();
            return later with { Frames = [start.Build().Frames[0], .. later.Frames.Skip(1)] };
        }
        DiagnosisResult result = Diagnostician.Judge(Then(Explodes));
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause, finding.SinceStep, finding.Severity).ShouldBe(
            (RuleIds.ExplodingThroughTime, CauseIds.Recurrence, 0, Severity.Critical));
        finding.Evidence["decadesPerStep"].ShouldBe(0.1, 1e-9);
        finding.Remedies[0].ShouldBe("orthogonal-init");
        result.Verdict.Sentence.ShouldStartWith(
            "Sick: the gradient explodes through time. It grows by 0.10 decades per time step: 43 steps back it is "
            + "20000 times what it is at the output, at step 0; steps along it drive the states to where it vanishes, "
            + "from step 20 on. Cause: recurrent weights that are too large, with a gain of 3.16 per time step where "
            + "tanh needs 1");
        result.Findings.ShouldNotContain(found => found.Rule == RuleIds.VanishingThroughTime);
        result.Findings.Single(found => found.Rule == RuleIds.NoLearning).Cause.ShouldBe(CauseIds.Recurrence);
        // A growth that isn't grave explains no saturation.
        Finding mild = Diagnostician.Judge(Then(Explodes with { WeightDecades = [0.46] })).Findings[0];
        (mild.Rule, mild.Cause).ShouldBe((RuleIds.VanishingThroughTime, CauseIds.LearningRate));
    }

    [Fact]
    public void States_that_overflow_before_the_first_update_are_the_recurrent_weights_doing()
    {
        Run run = (Explodes with { NaNFrom = 0 }).Build();
        Finding finding = Diagnostician.Judge(run with
        {
            NonFinite = new NonFiniteOrigin(0, "forward", "1.rnn", "relu", "inf"),
        }).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Remedies.ShouldContain("orthogonal-init");
    }
}
