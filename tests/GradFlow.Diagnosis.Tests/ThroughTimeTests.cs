using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed partial class ThroughTimeTests
{
    private static readonly SyntheticRecurrentRun Forgets = new();

    private static readonly SyntheticRecurrentRun Lstm =
        new() { Type = "lstm", WeightDecades = [0], GateDecades = -0.3 };

    private static readonly Func<int, double> Solves = step => 1 - 0.67 * Math.Exp(-step / 40.0);

    [Fact]
    public void A_net_that_learns_near_words_but_forgets_the_far_one_is_sick_and_told_with_numbers()
    {
        DiagnosisResult result = Diagnostician.Judge(Forgets.Build());
        result.Verdict.Sentence.ShouldBe(
            "Sick: the gradient vanishes through time. It falls by 0.31 decades per time step: after 7 of the 40 steps "
            + "that this task needs, less than 1 % is left, from step 0 on. Cause: recurrent weights that are too "
            + "small, with a gain of 0.575 per time step where tanh needs 1 (77 % of the decay). What lies near is "
            + "learned, and the loss falls from 2.14 to 0.801; what lies 40 steps back is not: accuracy on the last "
            + "output is 33.3 %, at chance.");
        Finding finding = result.Findings[0];
        finding.Rule.ShouldBe(RuleIds.VanishingThroughTime);
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Where.ShouldBe(new LayerSpan("1.rnn", "1.rnn"));
        finding.Evidence["decadesPerStep"].ShouldBe(-0.31, 1e-9);
        finding.Evidence["memoryHorizon"].ShouldBe(7);
        finding.Evidence["neededLag"].ShouldBe(40);
        finding.Evidence["decadesAtNeededLag"].ShouldBe(-12.4, 1e-9);
        result.Findings.Count.ShouldBe(2);
        result.Findings[1].Rule.ShouldBe(RuleIds.NoLearning);
        result.Findings[1].Remedies.ShouldBe(finding.Remedies);
    }

    [Theory]
    [InlineData(0, "less than 1 % is left, from step 0 on.")]
    [InlineData(0.28, "less than 1 % is left, from step 0 on, except at 1 of the 14 steps that were watched later.")]
    [InlineData(0.62, "less than 1 % is left, at step 0, but not at 8 of the 14 steps that were watched later.")]
    public void From_a_step_on_is_said_only_where_it_holds_at_all_that_were_watched_later(double drift, string told)
    {
        // The slope of -0.31 per step becomes one that leaves more than 1 % after 40 steps when it is above -0.05.
        Run run = (Forgets with { Drift = drift }).Build();
        Diagnostician.Judge(run).Findings[0].Explanation.ShouldContain(told);
    }

    [Fact]
    public void A_contracting_matrix_is_named_with_its_largest_eigenvalue()
    {
        Finding finding = Diagnostician.Judge(WithStep(Forgets.Build(), profile => profile with
        {
            Lyapunov = -0.7,
            Spectrum = new RecurrentSpectrum([0.59, 0.1], [0, 0], 0.59, 1.1),
            Jacobians = [new JacobianSpectrum(5, [1.05, 0.9, 0.4, 0.1, 0.01])],
        })).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Explanation.ShouldContain(
            "The recurrent matrix contracts: its largest eigenvalue is 0.59 in size, so that what the state holds "
            + "fades even where the tanh lets all of it through.");
        finding.Evidence["spectralRadius"].ShouldBe(0.59);
        finding.Evidence["spectralNorm"].ShouldBe(1.1);
        finding.Evidence["jacobianNorm"].ShouldBe(1.05);
        finding.Evidence["lyapunov"].ShouldBe(-0.7, 1e-12);
    }

    [Fact]
    public void Saturated_slopes_are_told_from_a_matrix_that_would_hold_the_state()
    {
        Run saturated = (Forgets with { WeightDecades = [0.1], ActivationDecades = -0.4 }).Build();
        Finding finding = Diagnostician.Judge(WithStep(saturated, profile => profile with
        {
            Spectrum = new RecurrentSpectrum([1.3], [0], 1.3, 1.8),
        })).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Activation);
        finding.Explanation.ShouldContain(
            "The recurrent matrix alone would hold it, with an eigenvalue of 1.3 in size: it is the tanh that "
                + "is saturated.");
    }

    [Fact]
    public void Shares_through_time_carry_their_layer_and_sum_to_its_whole_way()
    {
        Run run = Forgets.Build();
        DiagnosisResult result = Diagnostician.Judge(run);
        AttributionEntry[] through = [.. result.Attribution.Where(entry => entry.IsThroughTime(run.Header.Structure))];
        through.Select(entry => (entry.Link, entry.Kind, entry.Block)).ShouldBe(
        [
            ("1.rnn recurrent weights", LinkKind.Weights, "1.rnn"), ("1.rnn tanh slopes", LinkKind.Activation, "1.rnn"),
        ]);
        through.Sum(entry => entry.Decades).ShouldBe(-0.31 * 43, 1e-9);
        result.Attribution.Except(through).Sum(entry => entry.Decades).ShouldBe(-0.2, 1e-9);
    }

    [Fact]
    public void A_net_that_solves_the_task_is_healthy_whatever_the_slope()
    {
        foreach (SyntheticRecurrentRun sample in new[] { Forgets, Lstm })
        {
            DiagnosisResult result = Diagnostician.Judge((sample with { Accuracy = Solves }).Build());
            result.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
            result.Verdict.Sentence.ShouldContain("decades per time step and accuracy reaches");
            result.Findings.ShouldAllBe(finding => finding.Severity == Severity.Info);
        }
    }

    [Fact]
    public void A_gradient_that_stays_is_told_without_a_zero() =>
        Diagnostician.Judge((Forgets with { WeightDecades = [0.07], Accuracy = Solves }).Build()).Verdict.Sentence
            .ShouldStartWith("Healthy: the gradient keeps its size through time and accuracy reaches");

    [Fact]
    public void A_falling_loss_is_not_learning_where_the_last_output_stays_at_chance()
    {
        // Nothing vanishes, and yet the far word is not learned: sick, for another reason.
        Run run = (Forgets with { WeightDecades = [0.06] }).Build();
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Findings.ShouldHaveSingleItem().Rule.ShouldBe(RuleIds.NoLearning);
        Diagnostician.Judge(run.WithPlan(plan => plan with { LongestDependency = null }))
            .Verdict.Kind.ShouldBe(VerdictKind.Healthy);
    }

    [Fact]
    public void What_a_small_validation_split_may_show_by_chance_is_not_learning()
    {
        Run Judged(int samples)
        {
            Run run = (Forgets with { Accuracy = _ => 0.43 }).Build();
            return run with { Evaluations = [.. run.Evaluations.Select(e => e with { Samples = samples })] };
        }
        Diagnostician.Judge(Judged(100)).Verdict.Kind.ShouldBe(VerdictKind.Sick);
        Diagnostician.Judge(Judged(100)).Findings[^1].Rule.ShouldBe(RuleIds.NoLearning);
        new Evidence(Judged(4000)).Learning.State.ShouldBe(LearningState.Learned);
    }

    [Fact]
    public void Saturated_slopes_are_the_cause_where_the_weights_keep_the_gradient()
    {
        Finding finding = Diagnostician.Judge((Forgets with
        {
            WeightDecades = [0.1],
            ActivationDecades = -0.5,
        }).Build()).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Activation);
        finding.Explanation.ShouldContain("the tanh's slope, with a gain of 0.316 per time step (100 % of the decay)");
    }

    [Fact]
    public void Slopes_are_told_by_what_they_do_to_the_gradient_and_their_rms_is_named_as_such()
    {
        Run run = (Forgets with { WeightDecades = [0.1], ActivationDecades = -0.5 }).Build();
        run = run with
        {
            Frames = [.. run.Frames.Select(frame => frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with
                {
                    Slopes = [.. profile.Slopes!.Select(_ => (double?)0.4)],
                })],
            })],
        };
        Finding finding = Diagnostician.Judge(run).Findings[0];
        finding.Explanation.ShouldContain("the tanh's slope, with a gain of 0.316 per time step");
        finding.Explanation.ShouldNotContain("0.4 ");
        finding.Evidence["activationDecadesPerStep"].ShouldBe(-0.5, 1e-9);
        finding.Evidence["slopeRms"].ShouldBe(0.4, 1e-9);
    }

    [Fact]
    public void Units_that_a_stuck_nets_training_saturates_are_no_cause_of_what_was_so_from_the_start()
    {
        Run run = Forgets.Build().WithFrames(frame => frame.Step == 0 ? frame : frame with
        {
            ThroughTime = [frame.ThroughTime![0]! with { WeightDecades = 0.1, ActivationDecades = -0.41 }],
        });
        Finding finding = Diagnostician.Judge(run).Findings[0];
        finding.SinceStep.ShouldBe(0);
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Explanation.ShouldContain("recurrent weights that are too small");
    }

    [Fact]
    public void What_a_rectifier_takes_is_owed_by_the_weights()
    {
        Finding finding = Diagnostician.Judge((Forgets with
        {
            Activation = "relu",
            WeightDecades = [-0.1],
            ActivationDecades = -0.1505,
        }).Build()).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
    }

    [Fact]
    public void What_truncation_cuts_has_not_vanished()
    {
        SyntheticRecurrentRun cut = Forgets with { Window = 10, WeightDecades = [0.05] };
        Finding finding = Diagnostician.Judge(cut.Build()).Findings[0];
        finding.Rule.ShouldBe(RuleIds.VanishingThroughTime);
        finding.Explanation.ShouldContain(
            "cut by truncated back-propagation after 10 time steps, where this task needs 40");
        finding.Remedies[0].ShouldBe("truncated-bptt");
        finding.Evidence["cutLag"].ShouldBe(10);
        // What has vanished before the window ends would have vanished without it.
        Diagnostician.Judge((cut with { WeightDecades = [-0.3] }).Build()).Findings[0].Explanation
            .ShouldContain("falls by");
        // A window that reaches what decides takes nothing that is needed.
        Diagnostician.Judge((cut with { Window = 42 }).Build())
            .Findings.ShouldNotContain(found => found.Rule == RuleIds.VanishingThroughTime);
    }

    [Fact]
    public void Lags_before_the_first_state_that_is_not_zero_have_lost_nothing()
    {
        SyntheticRecurrentRun irnn = Forgets with
        {
            Type = "irnn",
            Activation = "relu",
            WeightDecades = [0],
            ActivationDecades = 0,
            LongestDependency = null,
            Loss = step => step == 7 ? 1e13 : SyntheticRecurrentRun.Baseline,
        };
        Run WithSilence(double state) => WithStep(irnn.Build(), profile => profile with
        {
            StateRms = [.. profile.StateRms!.Select((rms, t) => t < 10 ? state : rms)],
            LagNorms = [.. profile.LagNorms.Select((norm, lag) => lag >= 34 ? double.NegativeInfinity : norm)],
        });
        Finding[] black = [.. Diagnostician.Judge(WithUpdates(WithSilence(0))).Findings];
        black.ShouldNotContain(finding => finding.Rule == RuleIds.VanishingThroughTime);
        black.Single(finding => finding.Rule == RuleIds.NoLearning).Explanation
            .ShouldContain("The steps are large: each changes the weights by 107 %. "
                + "At step 7 the loss leaps to 1.0·10¹³.");
        // Where states are there and slopes are exactly 0, weights that keep the gradient are not to blame.
        Diagnostician.Judge(WithSilence(0.1)).Findings
            .Single(finding => finding.Rule == RuleIds.VanishingThroughTime).Cause.ShouldBe(CauseIds.Activation);

        static Run WithUpdates(Run run) => run.WithStructure(net => net with
        {
            Parameters = [new ParameterInfo("1.irnn.weight", "1.irnn", 1, "weight", [32, 1], 1, 32)],
        }).WithFrames(frame => frame with
        {
            Parameters = new ParameterStatistics(null, null, null, null, null, null, [1.07], null, null),
        });
    }

    [Fact]
    public void A_window_of_one_step_cuts_what_has_no_slope()
    {
        DiagnosisResult result = Diagnostician.Judge((Forgets with { Window = 1 }).Build());
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        result.Verdict.Sentence.ShouldContain("It is cut by truncated back-propagation after 1 time step, where this "
            + "task needs 40: what lies further back is never learned from, however long the memory is. Cause: the "
            + "window of 1 time step.");
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.VanishingThroughTime, CauseIds.Recurrence));
        finding.Evidence["cutLag"].ShouldBe(1);
        finding.Evidence.ContainsKey("decadesPerStep").ShouldBeFalse();
        finding.Remedies.ShouldBe(["truncated-bptt", "attention", "transformer"]);
        // Sequences of a single step have no lag to be measured either, and nothing cuts them.
        Diagnostician.Judge((Forgets with { Length = 1 }).Build()).Findings
            .ShouldNotContain(found => found.Rule == RuleIds.VanishingThroughTime);
    }

    [Fact]
    public void What_died_after_the_first_steps_is_told_since_then_and_without_shares_that_cancel()
    {
        static TimeProfile Dies(TimeProfile profile) => profile with
        {
            LagNorms = [.. profile.LagNorms.Select((norm, lag) => lag > 3 ? double.NegativeInfinity : norm)],
            WeightDecades = 0.544,
            ActivationDecades = -0.441,
        };
        Run run = (Forgets with { WeightDecades = [0.06], Loss = _ => SyntheticRecurrentRun.Baseline }).Build()
            .WithFrames(frame => frame.Step == 0 ? frame : frame with { ThroughTime = [Dies(frame.ThroughTime![0]!)] });
        Finding finding = Diagnostician.Judge(run).Findings[0];
        (finding.Rule, finding.Cause, finding.SinceStep)
            .ShouldBe((RuleIds.VanishingThroughTime, CauseIds.LearningRate, 20));
        finding.Explanation.ShouldContain("exactly zero further back, from step 20 on. At the start it was sound");
        finding.Evidence.Keys.ShouldNotContain("weightShare");
        finding.Evidence.Keys.ShouldNotContain("activationShare");
    }

    [Theory]
    [InlineData(0, "accuracy on the last output is 0 %, below the 33.3 % of chance")]
    [InlineData(0.31, "accuracy on the last output is 31 %, at chance")]
    public void What_lies_below_chance_is_not_said_to_be_at_it(double accuracy, string told) =>
        Diagnostician.Judge((Forgets with { Accuracy = _ => accuracy }).Build()).Findings
            .ShouldAllBe(finding => finding.Explanation.Contains(told));

    [Fact]
    public void A_layer_is_not_prescribed_what_it_is()
    {
        IReadOnlyList<string> Of(string type) => Diagnostician.Judge(
            (Explodes with { Type = type, Activation = "relu" }).Build()).Findings[0].Remedies;
        Of("rnn").ShouldContain("identity-init");
        Of("irnn").ShouldNotContain("identity-init");
        Of("irnn").ShouldContain("layer-norm");
    }

    [Fact]
    public void A_record_without_task_or_metric_gets_a_sensible_verdict()
    {
        static Run Foreign(SyntheticRecurrentRun sample) => (sample with { LongestDependency = null }).Build().WithPlan(
            plan => plan with { MetricName = null, ChanceMetric = null, BaselineLoss = null });
        DiagnosisResult learns = Diagnostician.Judge(Foreign(Forgets));
        learns.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        Finding note = learns.Findings.ShouldHaveSingleItem();
        note.Severity.ShouldBe(Severity.Info);
        note.Explanation.ShouldContain("not known (plan.longestDependency)");

        DiagnosisResult stuck = Diagnostician.Judge(Foreign(Forgets with { Loss = _ => 1 }));
        stuck.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        stuck.Findings[0].Rule.ShouldBe(RuleIds.VanishingThroughTime);

        Run bare = Foreign(Forgets with { Loss = _ => 1 }).WithFrames(frame => frame with { ThroughTime = null });
        Verdict unknown = Diagnostician.Judge(bare).Verdict;
        unknown.Kind.ShouldBe(VerdictKind.Inconclusive);
        unknown.NextToRecord.ShouldHaveSingleItem().ShouldContain("throughTime");

        // A recording of a layer that can't be followed step by step knows it as a signal alone.
        Verdict same = Diagnostician.Judge(bare.WithStructure(net => net with { Recurrences = null })).Verdict;
        same.Kind.ShouldBe(VerdictKind.Inconclusive);
        same.Sentence.ShouldBe(unknown.Sentence);
        same.NextToRecord.ShouldBe(unknown.NextToRecord);
    }

    [Fact]
    public void A_depth_that_only_shows_what_happens_through_time_is_not_told_twice()
    {
        Run run = (Explodes with { WeightDecades = [0.5, 0.5] }).Build().WithFrames(frame => frame with
        {
            CutNorms = [4, -1.2, -1.1, -1],
            PartGains = [5.2, -0.1, -0.1],
        });
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Findings[0].Rule.ShouldBe(RuleIds.ExplodingThroughTime);
        result.Findings.ShouldNotContain(finding => finding.Rule == RuleIds.ExplodingGradient);
        // Without lags, the growth between the layers is all that is known.
        Diagnostician.Judge(run.WithFrames(frame => frame with { ThroughTime = null })).Findings
            .ShouldContain(finding => finding.Rule == RuleIds.ExplodingGradient
                && finding.Cause == CauseIds.Recurrence);
    }

    [Fact]
    public void Exact_zeros_and_missing_arrays_are_borne()
    {
        static TimeProfile Dies(TimeProfile profile) => profile with
        {
            LagNorms = [.. profile.LagNorms.Select((norm, lag) => lag > 3 ? double.NegativeInfinity : norm)],
        };
        Run dead = Forgets.Build().WithFrames(frame => frame with { ThroughTime = [Dies(frame.ThroughTime![0]!)] });
        Diagnostician.Judge(dead).Findings[0].Explanation.ShouldContain("exactly zero further back");

        foreach (IReadOnlyList<TimeProfile?>? missing in new IReadOnlyList<TimeProfile?>?[]
        {
            null, [], [null], [new TimeProfile([])], [new TimeProfile([null, null])],
            [new TimeProfile([double.NaN, 1])],
            [new TimeProfile([0, -3])],
        })
            Diagnostician.Judge(Forgets.Build().WithFrames(frame => frame with { ThroughTime = missing }))
                .Verdict.Sentence.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_grave_loss_through_time_settles_early_but_gates_get_their_whole_training()
    {
        Diagnostician.IsSettled(Forgets.Build().FirstSteps(100)).ShouldBeTrue();
        Diagnostician.IsSettled(Forgets.Build().FirstSteps(70)).ShouldBeFalse();
        Diagnostician.IsSettled(Lstm.Build().FirstSteps(299)).ShouldBeFalse();
        Diagnostician.IsSettled((Forgets with { Accuracy = Solves }).Build().FirstSteps(299)).ShouldBeFalse();
    }

    /// <summary>The run with something more in every profile through time.</summary>
    private static Run WithStep(Run run, Func<TimeProfile, TimeProfile> change) => run with
    {
        Frames = [.. run.Frames.Select(frame => frame with
        {
            ThroughTime = [.. frame.ThroughTime!.Select(profile => change(profile!))],
        })],
    };
}
