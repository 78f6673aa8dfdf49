using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>Causes of nets that were built to have them.</summary>
public sealed class InterventionTests
{
    private const string CriticalButDeep =
        "[ repeat: { times: 120, layers: [ linear: { out: 16, init: he-normal, bias: zeros }, relu ] }, linear: 3 ]";

    [Fact]
    public void The_sigmoids_slope_is_confirmed_where_nothing_else_is_wrong()
    {
        Experiment patient = Patients.OfBlobs(
            "[ repeat: { times: 10, layers: [ linear: { out: 16, init: lecun-normal }, sigmoid ] }, linear: 3 ]");
        Confirm(patient, RuleIds.VanishingGradient, CauseIds.Activation).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void The_activation_is_refuted_where_weights_are_to_blame()
    {
        Experiment patient = Patients.OfBlobs(
            "[ repeat: { times: 10, layers: [ linear: { out: 16, init: { normal: 0.02 } }, tanh ] }, linear: 3 ]");
        Confirm(patient, RuleIds.VanishingGradient, CauseIds.Activation).Status.ShouldBe("refuted");
        Confirm(patient, RuleIds.VanishingGradient, CauseIds.WeightScale).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void Large_weights_are_confirmed_and_other_causes_refuted()
    {
        Confirmation weights = Confirm(Patients.LargeWeights, RuleIds.ExplodingGradient, CauseIds.WeightScale);
        weights.Status.ShouldBe("confirmed");
        weights.Quantity.ShouldBe("decadesPerLayer");
        weights.Before.ShouldNotBeNull().ShouldBeGreaterThan(0.4);
        Math.Abs(weights.After!.Value).ShouldBeLessThan(0.1);
        Confirm(Patients.LargeWeights, RuleIds.ExplodingGradient, CauseIds.Depth).Quantity.ShouldBe("ratioFirstToLast");
    }

    [Fact]
    public void Depth_is_measured_over_the_whole_way_since_no_layer_is_to_blame()
    {
        Experiment patient = Patients.OfBlobs(
            CriticalButDeep.Replace("he-normal", "{ normal: 0.32 }", StringComparison.Ordinal));
        Confirmation depth = Confirm(patient, RuleIds.VanishingGradient, CauseIds.Depth);
        depth.Status.ShouldBe("confirmed");
        Math.Abs(depth.After!.Value).ShouldBeLessThan(Math.Abs(depth.Before!.Value) / 2);
    }

    [Fact]
    public void Batch_norms_own_explosion_is_confirmed_by_taking_it_off()
    {
        Experiment patient = Patients.OfBlobs(
            "[ repeat: { times: 20, layers: [ linear: { out: 16, init: he-normal, bias: zeros }, batch-norm, relu ] }, "
                + "linear: 3 ]");
        Confirm(patient, RuleIds.ExplodingGradient, CauseIds.Normalization).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void Branches_that_add_up_are_confirmed_by_scaling_them()
    {
        Experiment patient = Patients.OfBlobs(
            "[ linear: 16, repeat: { times: 20, layers: [ residual: [ linear: { out: 16, init: he-normal, "
                + "bias: zeros }, relu ] ] }, linear: 3 ]");
        Confirm(patient, RuleIds.ExplodingGradient, CauseIds.ResidualScale).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void Steps_that_are_too_large_are_confirmed_by_smaller_ones_where_NaN_came_of_them()
    {
        Confirmation rate = Confirm(Patients.TooFast, RuleIds.NonFinite, CauseIds.LearningRate);
        rate.Status.ShouldBe("confirmed");
        rate.Quantity.ShouldBe("validationLoss");
    }

    [Fact]
    public void Steps_are_refuted_where_the_net_cannot_learn_at_any_rate()
    {
        Experiment patient = Patients.DeepSigmoid;
        Confirm(patient, RuleIds.NoLearning, CauseIds.LearningRate).Status.ShouldBe("refuted");
    }

    [Fact]
    public void Unscaled_inputs_are_confirmed_by_scaling_them()
    {
        Confirm(Patients.Unscaled, RuleIds.SaturatedUnits, CauseIds.DataScale).Status.ShouldBe("confirmed");
        Confirm(Patients.Unscaled, RuleIds.NoLearning, CauseIds.DataScale).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void Units_that_large_steps_kill_are_confirmed_after_an_epoch()
    {
        Experiment patient = Patients.Healthy with { Optimizer = new SgdSpec { LearningRate = 3 } };
        Confirmation steps = Confirm(patient, RuleIds.DeadUnits, CauseIds.LearningRate);
        steps.Quantity.ShouldBe("deadShare");
        steps.Before.ShouldNotBeNull("death is known after an epoch, at a frame behind it").ShouldBeGreaterThan(0.5);
        steps.Status.ShouldBe("confirmed");
    }

    [Fact]
    public void A_cause_that_nothing_can_change_stays_unconfirmed() =>
        Confirm(Patients.Healthy, RuleIds.NoLearning, CauseIds.BatchSize).ShouldBe(Confirmation.Unconfirmed);

    private static Confirmation Confirm(Experiment experiment, string rule, string cause)
    {
        var patient = new Patient(experiment, "patient.yaml", new DoctorOptions());
        var finding = new Finding(
            rule, cause, Severity.Critical, null, 0, new Dictionary<string, double>(), "made up", []);
        return new InterventionRunner(patient, new Ranking(TrialScore.ByLoss), CancellationToken.None).Confirm(finding);
    }
}
