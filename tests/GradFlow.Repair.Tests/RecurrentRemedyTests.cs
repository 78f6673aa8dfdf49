using GradFlow.Experiments;

namespace GradFlow.Repair.Tests;

/// <summary>What remedies do to layers in time.</summary>
public sealed class RecurrentRemedyTests
{
    [Fact]
    public void Gated_layers_have_as_many_units_as_what_they_replace_and_gates_that_keep()
    {
        Model("lstm", "[ rnn: 32, linear: 5 ]").ShouldBe(Of("[ lstm: { out: 32, forget-bias: 3.69 }, linear: 5 ]"));
        Model("lstm", "[ gru: 32, linear: 5 ]").ShouldBe(Of("[ lstm: { out: 32, forget-bias: 3.69 }, linear: 5 ]"));
        Model("gru", "[ irnn: 32, linear: 5 ]").ShouldBe(Of("[ gru: { out: 32, update-bias: 3.69 }, linear: 5 ]"));
        Model("gru", "[ lstm: 32, linear: 5 ]").ShouldBe(Of("[ gru: { out: 32, update-bias: 3.69 }, linear: 5 ]"));
        RemedyCatalogue.Find("gru")!.Apply(Patient("[ gru: 32, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void Gates_keep_for_as_long_as_the_task_needs()
    {
        // σ(ln 40) to the power of 40 steps is about 1/e.
        Math.Pow(1 / (1 + Math.Exp(-3.69)), 40).ShouldBe(1 / Math.E, 0.01);
        Model("forget-bias", "[ lstm: 16, linear: 5 ]")
            .ShouldBe(Of("[ lstm: { out: 16, forget-bias: 3.69 }, linear: 5 ]"));
        Model("forget-bias", "[ gru: 16, linear: 5 ]")
            .ShouldBe(Of("[ gru: { out: 16, update-bias: 3.69 }, linear: 5 ]"));
    }

    [Theory]
    [InlineData("lstm: { out: 16, forget-bias: 5 }")]
    [InlineData("gru: { out: 16, update-bias: 5 }")]
    [InlineData("gru: { out: 16, bias: none }")]
    public void Gates_that_keep_more_or_have_no_bias_stay(string layer) =>
        RemedyCatalogue.Find("forget-bias")!.Apply(Patient($"[ {layer}, linear: 5 ]")).ShouldBeNull();

    [Fact]
    public void Recurrent_weights_become_orthogonal_and_rectified_ones_larger()
    {
        RnnSpec tanh = (RnnSpec)Model("orthogonal-init", "[ rnn: 16, linear: 5 ]")[0];
        tanh.RecurrentInit.ShouldBe(new OrthogonalInitSpec());
        tanh.Bias.ShouldBe(new ZerosInitSpec());
        RnnSpec relu = (RnnSpec)Model("orthogonal-init", "[ rnn: { out: 16, activation: relu }, linear: 5 ]")[0];
        ((OrthogonalInitSpec)relu.RecurrentInit).Gain.ShouldBe(Math.Sqrt(2), 1e-5);
        Model("he-init", "[ rnn: 16, linear: 5 ]")[0].ShouldBe(Of("[ rnn: 16 ]")[0]);
    }

    [Fact]
    public void Plain_units_become_leaky_with_time_constants_up_to_what_the_task_needs()
    {
        Model("leaky-units", "[ rnn: { out: 16, bias: zeros }, linear: 5 ]").ShouldBe(
            Of("[ leaky-rnn: { out: 16, bias: zeros, time-constant: 1, longest: 40 }, linear: 5 ]"));
        RemedyCatalogue.Find("leaky-units")!.Apply(Patient("[ gru: 16, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void Skipped_steps_are_a_quarter_of_what_the_task_needs()
    {
        Model("time-skips", "[ rnn: 16, lstm: 8, linear: 5 ]").ShouldBe(Of("""
            [
              rnn: { out: 16, skip: 10, skip-init: orthogonal }, lstm: { out: 8, skip: 10, skip-init: orthogonal },
              linear: 5,
            ]
            """));
        RemedyCatalogue.Find("time-skips")!.Apply(Patient("[ gru: { out: 16, skip: 3 }, leaky-rnn: 8, linear: 5 ]"))
            .ShouldBeNull();
    }

    [Fact]
    public void Units_with_time_constants_get_those_that_the_task_needs()
    {
        Model("leaky-units", "[ leaky-rnn: { out: 16, time-constant: 4 }, linear: 5 ]").ShouldBe(
            Of("[ leaky-rnn: { out: 16, time-constant: 4, longest: 40 }, linear: 5 ]"));
        // 0.97531 to the power of 40 steps is 1/e, and so is 0.778801 to the power of 4.
        Model("leaky-units", "[ lru: { out: 16, inner-radius: 0.1, outer-radius: 0.3 }, linear: 5 ]").ShouldBe(
            Of("[ lru: { out: 16, inner-radius: 0.778801, outer-radius: 0.97531 }, linear: 5 ]"));
        RemedyCatalogue.Find("leaky-units")!.Apply(Patient("[ lru: 16, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void Plain_recurrent_layers_are_normalised_inside()
    {
        Model("layer-norm", "[ rnn: 16, gru: 8, linear: 5 ]").ShouldBe(
            Of("[ rnn: { out: 16, layer-norm: true }, gru: 8, linear: 5 ]"));
        Model("layer-norm", "[ irnn: 16, linear: 5 ]").ShouldBe(Of(
            "[ rnn: { out: 16, activation: relu, init: { normal: 0.001 }, recurrent-init: identity, bias: zeros, "
            + "layer-norm: true }, linear: 5 ]"));
        RemedyCatalogue.Find("layer-norm")!.Apply(Patient("[ lstm: 16, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void A_reservoir_gets_a_longer_memory_or_is_trained()
    {
        Model("echo-state", "[ echo-state: { out: 50, spectral-radius: 0.5 }, linear: 5 ]").ShouldBe(
            Of("[ echo-state: { out: 50, spectral-radius: 0.95 }, linear: 5 ]"));
        Model("lstm", "[ echo-state: 16, linear: 5 ]").ShouldBe(Model("lstm", "[ rnn: 16, linear: 5 ]"));
        new LengthenReservoir().Apply(Patient("[ echo-state: { out: 50, spectral-radius: 0.5 }, linear: 5 ]"))!.Model
            .ShouldBe(Of("[ echo-state: { out: 50, spectral-radius: 0.95 }, linear: 5 ]"));
    }

    [Fact]
    public void Attention_stands_beside_what_the_last_recurrent_layer_gives() =>
        Model("attention", "[ rnn: 16, gru: 8, linear: 5 ]").ShouldBe(
            Of("[ rnn: 16, gru: 8, residual: [ attention: { heads: 1, causal: true } ], linear: 5 ]"));

    [Fact]
    public void Windows_of_attention_are_taken_out_before_any_is_added()
    {
        Model("attention", """
            [
              gru: 8, residual: [ attention: { heads: 1, causal: true, window: 4 } ],
              repeat: { times: 2, layers: [ transformer-encoder: { heads: 2, hidden: 8, window: 3 } ] }, linear: 5,
            ]
            """).ShouldBe(Of("""
            [
              gru: 8, residual: [ attention: { heads: 1, causal: true } ],
              repeat: { times: 2, layers: [ transformer-encoder: { heads: 2, hidden: 8 } ] }, linear: 5,
            ]
            """));
        RemedyCatalogue.Find("attention")!.Apply(
            Patient("[ linear: 8, transformer-encoder: { heads: 2, hidden: 8 }, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void A_transformer_takes_the_place_of_all_recurrent_layers() =>
        Model("transformer", "[ rnn: 10, rnn: 10, linear: 5 ]", ", truncate: 5").ShouldBe(Of("""
            [
              linear: 12, positions: sinusoidal,
              transformer-encoder: { heads: 4, hidden: 48, norm: pre, causal: true, times: 3 }, layer-norm, linear: 5,
            ]
            """));

    [Fact]
    public void A_reservoir_is_wider_than_the_layer_whose_place_it_takes()
    {
        Model("echo-state", "[ rnn: 16, linear: 5 ]").ShouldBe(
            Of("[ echo-state: { out: 64, spectral-radius: 0.95 }, linear: 5 ]"));
        Model("echo-state", "[ lstm: { out: 300, bidirectional: true }, linear: 5 ]").ShouldBe(
            Of("[ echo-state: { out: 600, spectral-radius: 0.95 }, linear: 5 ]"));
    }

    [Theory]
    [InlineData("steps: 301, warm-up: 200", "steps: 151, warm-up: 151, pretrain: 150")]
    [InlineData("epochs: 5", "epochs: 3, pretrain: { epochs: 2 }")]
    [InlineData("epochs: 1", null)]
    public void Half_of_the_training_goes_into_predicting_the_next_input(string given, string? treated)
    {
        Experiment patient = Labelled("rnn: 16", given);
        RemedyCatalogue.Find("pretrain")!.Apply(patient)
            .ShouldBe(treated is null ? null : Labelled("rnn: 16", treated));
    }

    [Theory]
    [InlineData("rnn: { out: 16, bidirectional: true }")]
    [InlineData("transformer-encoder: { heads: 1, hidden: 8 }")]
    [InlineData("embedding: { out: 8, words: 9 }")]
    public void Layers_that_see_what_comes_next_are_not_taught_to_predict_it(string layer)
    {
        RemedyCatalogue.Find("pretrain")!.Apply(Labelled(layer, "steps: 300")).ShouldBeNull();
        RemedyCatalogue.Find("pretrain")!.Apply(Patient("[ rnn: 16, linear: 5 ]")).ShouldBeNull();
    }

    [Fact]
    public void A_trial_counts_the_steps_of_pretraining_as_its_own()
    {
        Experiment experiment = Labelled("rnn: 4", "steps: 30, pretrain: 20");
        Phases.Of(Trainer(experiment), 20).ShouldBe((8, 12));
        Phases.Of(Trainer(Labelled("rnn: 4", "steps: 30")), 20).ShouldBe((0, 20));

        Trainer begun = Trainer(experiment);
        begun.Restore(begun.Capture() with { Pretraining = null });
        Phases.Of(begun, 20).ShouldBe((0, 20), "what goes on isn't pre-trained again");

        static Trainer Trainer(Experiment experiment) => new(experiment, TaskData.Load(experiment.Data, "", 1, 0.1));
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData(", truncate: 40", null)]
    [InlineData(", truncate: 41", 41)]
    public void A_window_that_cuts_what_decides_is_taken_out_and_none_is_shortened(string given, int? window)
    {
        Experiment patient = Patient("[ rnn: 16, linear: 5 ]", given);
        Experiment treated = RemedyCatalogue.Find("truncated-bptt")!.Apply(patient) ?? patient;
        treated.Training.Truncate.ShouldBe(window is null ? null : new TruncateSpec { Window = window });
    }

    [Theory]
    [InlineData("", "clip-norm + truncated-bptt (back-propagate through 10 time steps)")]
    [InlineData(", truncate: 5", "clip-norm + truncated-bptt (back-propagate through the whole sequence)")]
    public void What_becomes_of_the_window_is_told_in_words(string given, string told) =>
        Candidate.Of(Patient("[ rnn: 16, linear: 5 ]", given), [new ClipNorm(), new TruncatedBptt()])!.Told.ShouldBe(
            told);

    [Theory]
    [InlineData("identity-init")]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("forget-bias")]
    [InlineData("leaky-units")]
    [InlineData("time-skips")]
    [InlineData("attention")]
    [InlineData("transformer")]
    [InlineData("echo-state")]
    [InlineData("truncated-bptt")]
    [InlineData("pretrain")]
    public void Nets_without_time_are_left_alone(string remedy) =>
        RemedyCatalogue.Find(remedy)!.Apply(Patients.Healthy).ShouldBeNull();

    private static Experiment Labelled(string layer, string training) =>
        Patient($"[ {layer}, last-step, linear: 36 ]") with
        {
            Training = Patients.Parse($$"""
                name: patient
                data: blobs
                model: [ linear: 2 ]
                loss: cross-entropy
                optimizer: { adam: { lr: 0.01 } }
                training: { {{training}}, batch: 16 }
                """).Training,
        };

    private static ValueList<LayerSpec> Of(string model) => Patient(model).Model;

    private static ValueList<LayerSpec> Model(string remedy, string model, string training = "") =>
        RemedyCatalogue.Find(remedy)!.Apply(Patient(model, training)).ShouldNotBeNull().Model;

    private static Experiment Patient(string model, string training = "") => Patients.Parse($$"""
        name: patient
        seed: 1
        data: { agreement: { distance: 40, languages: 3, train: 60, test: 20 } }
        model: {{model}}
        loss: cross-entropy
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 300, batch: 16{{training}} }
        """);
}
