using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed class ThroughTimeTests
{
    private static readonly SyntheticRecurrentRun Forgets = new();

    /// <summary>Recurrent weights so large that the gradient grows by a tenth of a decade per time step.</summary>
    private static readonly SyntheticRecurrentRun Explodes = new()
    {
        WeightDecades = [0.5],
        ActivationDecades = -0.4,
        Loss = _ => SyntheticRecurrentRun.Baseline,
    };

    private static readonly SyntheticRecurrentRun Lstm =
        new() { Type = "lstm", WeightDecades = [0], GateDecades = -0.3 };

    private static readonly Func<int, double> Solves = step => 1 - 0.67 * Math.Exp(-step / 40.0);

    [Fact]
    public void A_net_that_learns_near_words_but_forgets_the_far_one_is_sick_and_told_with_numbers()
    {
        DiagnosisResult result = Diagnostician.Judge(Forgets.Build());
        result.Verdict.Sentence.ShouldBe(
            "Sick: the gradient vanishes through time. It falls by 0.31 decades per time step: after 7 of the 40 steps "
            + "that this task needs, less than 1 % is left, from step 0 on. Cause: recurrent weights that are too small, "
            + "with a gain of 0.575 per time step where tanh needs 1 (77 % of the decay). What lies near is learned, and "
            + "the loss falls from 2.14 to 0.801; what lies 40 steps back is not: accuracy on the last output is "
            + "33.3 %, at chance.");
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
            "The recurrent matrix contracts: its largest eigenvalue is 0.59 in size, so that what the state holds fades "
            + "even where the tanh lets all of it through.");
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
            "The recurrent matrix alone would hold it, with an eigenvalue of 1.3 in size: it is the tanh that is saturated.");
    }

    [Fact]
    public void A_gate_is_told_how_far_it_would_have_to_be_open()
    {
        Run run = WithStep(Lstm.Build(), profile => profile with { Gates = [new GateStatistics("forget", 0.5, 0.02, 0.1)] });
        Finding finding = Diagnostician.Judge(run).Findings[0];
        finding.Cause.ShouldBe(CauseIds.Recurrence);
        finding.Explanation.ShouldContain(
            "The forget gate is 50 % open on average; to keep 1 % over 40 steps takes 89 %.");
        finding.Evidence["forgetGate"].ShouldBe(0.5, 1e-12);
        finding.Evidence["forgetGateOpenShare"].ShouldBe(0.1, 1e-12);
    }

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
    public void Gates_that_let_next_to_nothing_through_are_told_how_little() =>
        Diagnostician.Judge((Forgets with { Type = "lstm", WeightDecades = [-0.1], GateDecades = -4.35 }).Build())
            .Findings[0].Explanation.ShouldContain("gates that let through 0.00447 % of the state per time step");

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
        finding.Explanation.ShouldContain("the tanh's slope, 0.316 on average (100 % of the decay)");
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
            .ShouldContain("The steps are large: each changes the weights by 107 %. At step 7 the loss leaps to 1.0·10¹³.");
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
        result.Verdict.Sentence.ShouldContain("It is cut by truncated back-propagation after 1 time step, where this task "
            + "needs 40: what lies further back is never learned from, however long the memory is. Cause: the window of "
            + "1 time step.");
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
            + "20000 times over a sequence, from step 0 on; truncated back-propagation hides it from the gradient, which "
            + "it ends after 3 time steps. Cause: recurrent weights that are too large, with a gain of 3.16 per time step "
            + "where tanh needs 1.");
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
    public void An_exploding_gradient_that_ends_in_NaN_explains_it()
    {
        DiagnosisResult result = Diagnostician.Judge((Explodes with { NaNFrom = 5 }).Build());
        result.Findings[0].Rule.ShouldBe(RuleIds.ExplodingThroughTime);
        result.Findings[0].Severity.ShouldBe(Severity.Critical);
        result.Verdict.Sentence.ShouldStartWith(
            "Sick: the gradient explodes through time. It grows by 0.10 decades per time step: 43 steps back it is 20000 ");
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
            "The gradient of the last output grows by 0.017 decades per time step: 783 steps back it is 10¹³ times what it "
            + "is at the output, at step 20, where the loss leaps to 4.0·10¹². At the start it was sound; the cause is the "
            + "training itself, most likely by steps that are too large. There the recurrent weights have a gain of 1.04 "
            + "per time step, which over 783 steps comes to 10¹³.");
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
            "Sick: the gradient explodes through time. It grows by 0.10 decades per time step: 43 steps back it is 20000 "
            + "times what it is at the output, at step 0; steps along it drive the states to where it vanishes, from step 20 "
            + "on. Cause: recurrent weights that are too large, with a gain of 3.16 per time step where tanh needs 1");
        result.Findings.ShouldNotContain(found => found.Rule == RuleIds.VanishingThroughTime);
        result.Findings.Single(found => found.Rule == RuleIds.NoLearning).Cause.ShouldBe(CauseIds.Recurrence);
        // A growth that isn't grave explains no saturation.
        Finding mild = Diagnostician.Judge(Then(Explodes with { WeightDecades = [0.46] })).Findings[0];
        (mild.Rule, mild.Cause).ShouldBe((RuleIds.VanishingThroughTime, CauseIds.LearningRate));
    }

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
