using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed class CauseTests
{
    [Theory]
    [InlineData(-0.239)] // PyTorch's default
    [InlineData(-0.097)] // normal of 0.1 at width 64
    [InlineData(-1.1)] // normal of 0.01
    [InlineData(0)] // Xavier
    public void A_sigmoid_net_at_chance_vanishes_by_its_activation_whatever_its_weights(double weightDecades)
    {
        Finding finding = Leading((SampleRuns.DeepSigmoid with { WeightDecades = weightDecades }).Build());
        (finding.Rule, finding.Cause, finding.Severity)
            .ShouldBe((RuleIds.VanishingGradient, CauseIds.Activation, Severity.Critical));
        finding.Evidence["decadesPerLayer"].ShouldBe(weightDecades - 0.602, 1e-9);
        finding.Evidence["ratioFirstToLast"].ShouldBe(9 * (weightDecades - 0.602), 1e-9);
        finding.Evidence["activationShare"].ShouldBe(0.602 / (0.602 - weightDecades), 1e-9);
        finding.Where.ShouldBe(new LayerSpan("1.linear", "19.linear"));
    }

    [Fact]
    public void A_deep_relu_net_with_xavier_weights_vanishes_by_their_scale()
    {
        DiagnosisResult result = Diagnostician.Judge(SampleRuns.XavierRelu.Build());
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.VanishingGradient, CauseIds.WeightScale));
        finding.Evidence["criticalSigma"].ShouldBe(Math.Sqrt(2), 1e-6);
        finding.Evidence["weightShare"].ShouldBe(1, 1e-3);
        finding.Remedies[0].ShouldBe("he-init");
        result.Findings.ShouldContain(f => f.Rule == RuleIds.PoorInitialization && f.Cause == CauseIds.WeightScale);
    }

    [Fact]
    public void Large_weights_that_end_in_NaN_explode_and_the_operation_is_named()
    {
        DiagnosisResult result = Diagnostician.Judge(SampleRuns.LargeWeights.Build());
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        (result.Findings[0].Rule, result.Findings[0].Cause).ShouldBe((RuleIds.ExplodingGradient, CauseIds.WeightScale));
        Finding broken = result.Findings.Single(finding => finding.Rule == RuleIds.NonFinite);
        broken.Cause.ShouldBe(CauseIds.WeightScale);
        broken.Explanation.ShouldContain("affine in 1.linear");
        broken.Where.ShouldBe(new LayerSpan("1.linear", "1.linear"));
    }

    [Fact]
    public void A_sound_net_that_ends_in_NaN_had_too_large_a_learning_rate()
    {
        Finding finding = Leading((SampleRuns.Healthy with { NaNFrom = 20, FrameInterval = 5 }).Build());
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NonFinite, CauseIds.LearningRate));
        finding.Remedies[0].ShouldBe("lower-learning-rate");
        finding.SinceStep.ShouldBe(20);
    }

    [Fact]
    public void A_gradient_that_explodes_only_later_was_driven_there_by_the_learning_rate()
    {
        Run late = (SampleRuns.LargeWeights with { NaNFrom = 280, FrameInterval = 20 }).Build();
        Run sound = SampleRuns.StuckForNoReason.Build();
        Run mixed = late with
        {
            Frames = [.. sound.Frames.Take(8).Select(frame => Deepened(frame, late)), .. late.Frames.Skip(8)],
        };
        Leading(mixed).Cause.ShouldBe(CauseIds.LearningRate);
    }

    [Fact]
    public void Inputs_of_0_to_255_that_end_in_NaN_are_a_matter_of_data_scale()
    {
        Run run = (SampleRuns.Healthy with { NaNFrom = 20 }).Build()
            .WithPlan(plan => plan with { InputRms = 80, InputMaxAbs = 255 });
        Finding finding = Leading(run);
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NonFinite, CauseIds.DataScale));
        finding.Remedies[0].ShouldBe("scale-data");
    }

    [Fact]
    public void A_first_loss_that_is_not_finite_is_a_matter_of_the_loss()
    {
        Run run = (SampleRuns.Healthy with { NaNFrom = 0 }).Build() with
        {
            NonFinite = new NonFiniteOrigin(0, "forward", "loss", "log", "inf"),
        };
        Leading(run).Cause.ShouldBe(CauseIds.LossOrOutput);
        Leading(run).Explanation.ShouldContain("log in loss");
    }

    [Fact]
    public void A_layer_that_overflows_before_the_first_update_has_too_large_weights() =>
        Leading((SampleRuns.Healthy with { NaNFrom = 0 }).Build()).Cause.ShouldBe(CauseIds.WeightScale);

    [Fact]
    public void Zero_weights_cut_the_gradient_off_and_are_a_matter_of_weight_scale()
    {
        Run run = SampleRuns.StuckForNoReason.Build();
        int last = run.Header.Structure.Parts.Count - 1;
        run = run.WithFrames(frame => frame with
        {
            CutNorms =
            [
                .. frame.CutNorms!.SkipLast(1).Select(_ => (double?)double.NegativeInfinity), frame.CutNorms![^1],
            ],
            PartGains = [.. frame.PartGains!.Select((_, i) => i == last ? double.NegativeInfinity : double.NaN)],
        });
        Finding finding = Leading(run);
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.VanishingGradient, CauseIds.WeightScale));
        finding.Evidence["decadesPerLayer"].ShouldBe(double.NegativeInfinity);
        finding.Explanation.ShouldContain("exactly zero");
    }

    [Fact]
    public void Residual_blocks_that_add_up_explode_by_their_residual_scale()
    {
        Run run = BlockRun.Of(
            20, ("relu", LinkKind.Activation, -0.15), ("linear", LinkKind.Weights, 0.15),
            ("residual", LinkKind.Skip, 0.15));
        Finding finding = Leading(run);
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.ExplodingGradient, CauseIds.ResidualScale));
        finding.Remedies[0].ShouldBe("scaled-residual");
    }

    [Fact]
    public void A_signal_that_residual_sums_make_grow_is_no_fault_of_the_weights()
    {
        SignalInfo[] signals =
            [new("1.linear", "linear", LinkKind.Weights, 1, 64), new("20.linear", "linear", LinkKind.Weights, 20, 64)];
        var forward = new ForwardStatistics(null, null, [1, 1e6], null, null, null);
        Run WithSignals(Run run) => run.WithStructure(structure => structure with { Signals = signals })
            .WithFrames(frame => frame with { Forward = forward });

        Run sums = BlockRun.Of(20, ("linear", LinkKind.Weights, 0.05), ("residual", LinkKind.Skip, 0.15));
        Diagnostician.Judge(WithSignals(sums)).Findings.ShouldNotContain(f => f.Rule == RuleIds.PoorInitialization);
        Run weights = BlockRun.Of(20, ("linear", LinkKind.Weights, 0.2));
        Diagnostician.Judge(WithSignals(weights)).Findings.ShouldContain(f => f.Rule == RuleIds.PoorInitialization);
    }

    [Fact]
    public void A_branch_that_passes_nothing_at_first_leaves_the_parts_adding_up()
    {
        Run later = BlockRun.Of(4, ("scale", LinkKind.Other, -2), ("rezero", LinkKind.Skip, 2.1));
        int first = later.Frames[0].Step;
        Run run = later.WithFrames(frame => frame.Step > first ? frame : frame with
        {
            PartGains = [.. frame.PartGains!.Select((_, i) => (double?)(i % 2 == 0 ? double.NegativeInfinity : 0.1))],
        });
        IReadOnlyList<AttributionEntry> parts = Diagnostician.Judge(run).Attribution;
        parts.Select(part => Math.Round(part.Decades, 9)).ShouldBe([-2, 2.1, -2, 2.1, -2, 2.1, -2, 2.1]);
    }

    [Fact]
    public void Normalised_layers_explode_by_their_normalisation_whatever_their_weights()
    {
        Run run = BlockRun.Of(
            50, ("relu", LinkKind.Activation, -0.15), ("linear", LinkKind.Weights, -0.24),
            ("batch-norm", LinkKind.Normalization, 0.473));
        Leading(run).Cause.ShouldBe(CauseIds.Normalization);
    }

    [Fact]
    public void Layers_that_are_each_nearly_critical_vanish_by_their_number()
    {
        Run run = (SampleRuns.XavierRelu with { Depth = 250, WeightDecades = 0.1405, FrameInterval = 100 }).Build();
        Finding finding = Leading(run);
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.VanishingGradient, CauseIds.Depth));
        finding.Explanation.ShouldContain("250 layers");
    }

    /// <summary>Tanh at σw = 1.5 takes all but 0.03 decades back: 28 decades over 1,000 layers.</summary>
    [Fact]
    public void A_thousand_layers_of_large_weights_explode_by_their_scale_though_each_adds_little()
    {
        SyntheticRun large = SampleRuns.StuckForNoReason with
        {
            Depth = 1000,
            Activation = "tanh",
            WeightDecades = 0.176,
            ActivationDecades = -0.148,
            SigmaW = 1.5,
            FrameInterval = 100,
            DeadShare = null,
        };
        Finding finding = Leading(large.Build());
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.ExplodingGradient, CauseIds.WeightScale));
        finding.Explanation.ShouldContain("a gain of 1.5 per layer where tanh needs 1");
        Finding critical = Leading((large with { WeightDecades = 0.0212, ActivationDecades = -0.0112 }).Build());
        (critical.Rule, critical.Cause).ShouldBe((RuleIds.ExplodingGradient, CauseIds.Depth));
    }

    [Fact]
    public void Saturated_tanh_with_large_weights_is_a_matter_of_weight_scale()
    {
        Finding finding = Leading(SampleRuns.SaturatedTanh.Build());
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.SaturatedUnits, CauseIds.WeightScale));
        Run unscaled = SampleRuns.SaturatedTanh.Build().WithPlan(plan => plan with { InputRms = 80 });
        Leading(unscaled).Cause.ShouldBe(CauseIds.DataScale);
    }

    [Fact]
    public void Units_that_die_in_training_were_killed_by_the_learning_rate_and_others_by_their_weights()
    {
        Run died = SampleRuns.DeadRelu.Build();
        (Leading(died).Rule, Leading(died).Cause).ShouldBe((RuleIds.DeadUnits, CauseIds.LearningRate));
        Run born = (SampleRuns.DeadRelu with { ActivationDecades = -1, WeightDecades = 0.95 }).Build();
        (Leading(born).Rule, Leading(born).Cause).ShouldBe((RuleIds.DeadUnits, CauseIds.WeightScale));
    }

    [Theory]
    [InlineData(1e-8, "raise-learning-rate")]
    [InlineData(0.6, "lower-learning-rate")]
    public void A_stuck_net_with_sound_gradients_is_a_matter_of_step_size(double updateRatio, string remedy)
    {
        Finding finding = Leading(SampleRuns.StuckForNoReason.Build().WithUpdates(updateRatio));
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate));
        finding.Remedies[0].ShouldBe(remedy);
    }

    [Fact]
    public void A_loss_that_gives_no_gradient_is_a_matter_of_the_loss()
    {
        Run run = SampleRuns.StuckForNoReason.Build().WithFrames(
            frame => frame with { CutNorms = [.. frame.CutNorms!.Select(_ => (double?)double.NegativeInfinity)] });
        (Leading(run).Rule, Leading(run).Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LossOrOutput));
    }

    [Fact]
    public void Where_nothing_explains_it_the_finding_says_so() =>
        Leading(SampleRuns.StuckForNoReason.Build().WithUpdates(1e-3)).Explanation.ShouldContain("do not prove it");

    [Fact]
    public void Targets_far_from_a_variance_of_1_are_a_matter_of_data_scale()
    {
        static TrainingPlan Prices(TrainingPlan plan) =>
            plan with { Loss = "mse", BaselineLoss = 2.5e11, MetricName = null, ChanceMetric = null };
        Finding broken = Leading((SampleRuns.Healthy with { NaNFrom = 20 }).Build().WithPlan(Prices));
        (broken.Rule, broken.Cause).ShouldBe((RuleIds.NonFinite, CauseIds.DataScale));
        Finding stuck = Leading((SampleRuns.Healthy with { Loss = _ => 2.5e11 }).Build().WithPlan(Prices));
        (stuck.Rule, stuck.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.DataScale));
        stuck.Explanation.ShouldContain("The targets have a variance of 2.5·10¹¹");
    }

    [Fact]
    public void Steps_are_called_too_large_for_certain_only_where_they_were_measured_to_be()
    {
        Run run = SampleRuns.StuckForNoReason.Build();
        Frame[] vanished = [.. SampleRuns.DeepSigmoid.Build().Frames.Skip(8)];
        run = run with { Frames = [.. run.Frames.Take(8), .. vanished] };
        Leading(run).Explanation.ShouldEndWith(
            "most likely with steps that are too large, which the records do not prove.");
        Leading(run.WithUpdates(0.6)).Explanation.ShouldEndWith("with steps that are too large.");
    }

    [Fact]
    public void A_layer_of_one_unit_has_no_copies()
    {
        static Run With(int units) => SampleRuns.StuckForNoReason.Build().WithStructure(structure => structure with
        {
            Parameters = [.. structure.Parameters.Select(
                parameter => parameter with { FanOut = units, Shape = [units, 64], InitialStd = 0 })],
        });
        Diagnostician.Judge(With(1)).Findings.ShouldNotContain(finding => finding.Rule == RuleIds.PoorInitialization);
        Diagnostician.Judge(With(2)).Findings.ShouldContain(finding => finding.Rule == RuleIds.PoorInitialization);
    }

    [Fact]
    public void Units_that_were_dead_from_the_start_are_dated_there()
    {
        Run born = (SampleRuns.DeadRelu with { ActivationDecades = -1, WeightDecades = 0.95 }).Build();
        born = born.WithFrames(frame => frame.Step >= 100 ? frame : frame with
        {
            Forward = frame.Forward! with { DeadShare = null },
        });
        Finding finding = Leading(born);
        finding.Explanation.ShouldContain("from the start");
        finding.SinceStep.ShouldBe(0);
    }

    [Fact]
    public void A_decay_measured_in_the_activation_is_shown_to_be_what_the_weights_owe_it() =>
        Leading(SampleRuns.XavierRelu.Build()).Explanation.ShouldEndWith(
            "Measured, the ReLU takes 0.15 decades per layer, which critical weights would give back; "
            + "these are 0.15 short of it.");

    [Fact]
    public void What_is_said_of_the_gradient_and_of_its_parts_comes_from_the_same_frames()
    {
        // Dies after its first two frames, which alone must not make the parts look alive.
        Run run = SampleRuns.StuckForNoReason.Build();
        run = run.WithFrames(frame => frame.Step < 40 ? frame : frame with
        {
            CutNorms = [.. frame.CutNorms!.Select((norm, i) => i < 5 ? double.NegativeInfinity : norm)],
            PartGains = [.. frame.PartGains!.Select(
                (gain, i) => i < 4 ? double.NaN : i == 4 ? double.NegativeInfinity : gain)],
        });
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Findings[0].Explanation.ShouldContain(
            "exactly zero at layer 1, while layer 10 receives some, from step 40");
        result.Attribution.Count.ShouldBe(18 - 4);
        result.Attribution.Count(entry => double.IsNegativeInfinity(entry.Decades)).ShouldBe(1);
    }

    private static Finding Leading(Run run) => Diagnostician.Judge(run).Findings[0];

    /// <summary>A frame of a deeper net whose layers are all critical.</summary>
    private static Frame Deepened(Frame frame, Run deep) => frame with
    {
        CutNorms = [.. deep.Header.Structure.Cuts.Select(_ => (double?)-1)],
        PartGains = [.. deep.Header.Structure.Parts.Select(_ => (double?)0)],
        Forward = null,
        Parameters = null,
    };
}
