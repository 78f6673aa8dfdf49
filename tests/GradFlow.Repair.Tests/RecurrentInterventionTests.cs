using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>Causes of nets whose gradient was made to vanish through time.</summary>
public sealed class RecurrentInterventionTests
{
    private static readonly Dictionary<string, double> Decay =
        new() { ["decadesPerStep"] = -0.5, ["memoryHorizon"] = 4 };

    private static readonly Dictionary<string, double> Cut = new() { ["decadesPerStep"] = -0.01, ["cutLag"] = 5 };

    [Fact]
    public void Small_recurrent_weights_are_confirmed_and_the_slopes_refuted()
    {
        const string net = "[ rnn: { out: 16, recurrent-init: { normal: 0.05 } }, linear: 36 ]";
        Confirmation weights = Confirm(net, CauseIds.Recurrence, Decay);
        weights.Status.ShouldBe("confirmed");
        weights.Quantity.ShouldBe("decadesPerStep");
        weights.After!.Value.ShouldBeGreaterThan(weights.Before!.Value / 2);
        Confirm(net, CauseIds.Activation, Decay).Status.ShouldBe("refuted");
    }

    [Fact]
    public void Slopes_that_saturate_are_confirmed_where_the_weights_keep_the_size()
    {
        const string net = "[ rnn: { out: 16, init: { normal: 3 }, recurrent-init: orthogonal }, linear: 36 ]";
        Confirm(net, CauseIds.Activation, Decay).Status.ShouldBe("confirmed");
        Confirm(net, CauseIds.Recurrence, Decay).Status.ShouldBe("refuted");
    }

    [Theory]
    [InlineData("[ lstm: { out: 16, forget-bias: -2 }, linear: 36 ]")]
    [InlineData("[ gru: { out: 16, update-bias: -2 }, linear: 36 ]")]
    public void Gates_that_are_shut_are_confirmed_by_opening_them(string net)
    {
        Confirmation gates = Confirm(net, CauseIds.Recurrence, Decay);
        gates.Status.ShouldBe("confirmed");
        gates.Intervention.ShouldBe("set the gates to keep the state, weights unchanged");
    }

    [Theory]
    [InlineData("[ lru: { out: 16, inner-radius: 0, outer-radius: 0.5 }, linear: 36 ]")]
    [InlineData("[ leaky-rnn: { out: 16, time-constant: 1.5, init: { normal: 3 }, recurrent-init: orthogonal }, "
        + "linear: 36 ]")]
    public void Time_constants_that_are_short_are_confirmed_by_longer_ones(string net)
    {
        Confirmation constants = Confirm(net, CauseIds.Recurrence, Decay);
        constants.Status.ShouldBe("confirmed");
        constants.Quantity.ShouldBe("decadesPerStep");
        constants.After!.Value.ShouldBeInRange(-0.1, 0);
    }

    [Fact]
    public void A_window_that_cuts_what_decides_is_confirmed_by_taking_it_out()
    {
        const string net = "[ rnn: { out: 16, recurrent-init: orthogonal }, linear: 36 ]";
        Confirmation window = Confirm(net, CauseIds.Recurrence, Cut, ", truncate: 5");
        window.Status.ShouldBe("confirmed");
        window.Quantity.ShouldBe("decadesAtNeededLag");
        window.Intervention.ShouldBe("followed the gradient to the start of each sequence");
    }

    [Fact]
    public void States_that_grow_behind_a_window_are_confirmed_by_the_states()
    {
        const string net = "[ rnn: { out: 16, activation: relu, recurrent-init: { normal: 1 } }, linear: 36 ]";
        Confirmation states = Confirm(
            net, CauseIds.Recurrence, new() { ["decadesPerStep"] = 0.3, ["stateDecadesPerStep"] = 0.4 },
            ", truncate: 3");
        states.Status.ShouldBe("confirmed");
        states.Quantity.ShouldBe("stateDecadesPerStep");
        states.Before!.Value.ShouldBeGreaterThan(0.2);
    }

    private static Confirmation Confirm(
        string model, string cause, Dictionary<string, double> evidence, string training = "")
    {
        Experiment experiment = Patients.Parse($$"""
            name: patient
            seed: 1
            data: { agreement: { distance: 12, languages: 3, train: 60, test: 20 } }
            model: {{model}}
            loss: cross-entropy
            optimizer: { adam: { lr: 0.01 } }
            training: { steps: 300, batch: 16{{training}} }
            """);
        var patient = new Patient(experiment, "patient.yaml", new DoctorOptions());
        var finding = new Finding(
            RuleIds.VanishingThroughTime, cause, Severity.Critical, null, 0, evidence, "made up", []);
        return new InterventionRunner(patient, new Ranking(TrialScore.ByLoss), CancellationToken.None).Confirm(finding);
    }
}
