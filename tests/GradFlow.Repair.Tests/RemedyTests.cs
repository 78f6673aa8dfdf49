using GradFlow.Experiments;

namespace GradFlow.Repair.Tests;

/// <summary>Where remedies apply, and what they leave alone.</summary>
public sealed class RemedyTests
{
    [Fact]
    public void Residual_blocks_are_put_where_the_width_stays()
    {
        Model("residual", "[ linear: 16, relu, linear: 16, batch-norm, dropout, relu, linear: 8, relu, linear: 8, "
            + "linear: 8, relu, linear: 3 ]")
            .ShouldBe(Of("[ linear: 16, relu, residual: [ linear: 16, batch-norm, dropout, relu ], linear: 8, relu, "
                + "linear: 8, residual: [ linear: 8, relu ], linear: 3 ]"));
    }

    [Fact]
    public void A_repeat_whose_first_turn_changes_the_width_is_unrolled_by_that_turn()
    {
        Model("residual", "[ repeat: { times: 4, layers: [ linear: 16, relu ] }, linear: 3 ]")
            .ShouldBe(Of(
                "[ linear: 16, relu, repeat: { times: 3, layers: [ residual: [ linear: 16, relu ] ] }, linear: 3 ]"));
        Model("residual", "[ repeat: { times: 2, layers: [ linear: 16, relu ] }, linear: 3 ]")
            .ShouldBe(Of("[ linear: 16, relu, residual: [ linear: 16, relu ], linear: 3 ]"));
    }

    [Fact]
    public void A_repeat_whose_turns_are_alike_stays_whole()
    {
        Model("residual", "[ linear: 16, relu, repeat: { times: 4, layers: [ linear: 16, relu ] }, linear: 3 ]")
            .ShouldBe(Of(
                "[ linear: 16, relu, repeat: { times: 4, layers: [ residual: [ linear: 16, relu ] ] }, linear: 3 ]"));
        Model("residual",
            "[ repeat: { times: 4, layers: [ linear: 16, relu, linear: 16, relu, linear: 8, relu ] }, linear: 3 ]")
            .ShouldBe(Of("[ repeat: { times: 4, layers: [ linear: 16, relu, residual: [ linear: 16, relu ], linear: 8, "
                + "relu ] }, linear: 3 ]"));
    }

    [Fact]
    public void Scaled_residual_scales_by_the_root_of_all_blocks_repeats_counted()
    {
        Model("scaled-residual", "[ repeat: { times: 17, layers: [ linear: 16, relu ] }, linear: 3 ]")
            .ShouldBe(Of("[ linear: 16, relu, repeat: { times: 16, layers: [ residual: { layers: [ linear: 16, relu ], "
                + "scale: 0.25 } ] }, linear: 3 ]"));
        Model("scaled-residual", "[ linear: 16, residual: [ linear: 16, relu ], repeat: { times: 3, "
            + "layers: [ residual: [ linear: 16 ] ] }, linear: 3 ]")
            .ShouldBe(Of("[ linear: 16, residual: { layers: [ linear: 16, relu ], scale: 0.5 }, "
                + "repeat: { times: 3, layers: [ residual: { layers: [ linear: 16 ], scale: 0.5 } ] }, linear: 3 ]"));
    }

    [Fact]
    public void The_output_made_for_its_loss_is_left_alone()
    {
        const string net = "[ linear: 3, sigmoid, linear: 3, sigmoid ]";
        Model("relu", net).ShouldBe(Of("[ linear: 3, relu, linear: 3, sigmoid ]"));
        Model("batch-norm", net).ShouldBe(Of("[ linear: 3, batch-norm, sigmoid, linear: 3, sigmoid ]"));
        RemedyCatalogue.Find("residual")!.Apply(Patients.OfBlobs(net)).ShouldBeNull();
        RemedyCatalogue.Find("leaky-relu")!.Apply(
            Patients.OfBlobs("[ linear: 8, tanh, linear: 3, relu ]")).ShouldBeNull();
    }

    [Fact]
    public void Initialisation_goes_by_the_activation_with_most_uses()
    {
        // One line with sigmoid, but nine layers of it.
        Model("orthogonal-init",
            "[ linear: 4, relu, linear: 4, relu, repeat: { times: 9, layers: [ linear: 4, sigmoid ] }, linear: 3 ]")
            .OfType<LinearSpec>().ShouldAllBe(layer => ((OrthogonalInitSpec)layer.Init).Gain == 1);
        Model("orthogonal-init", "[ linear: 4, relu, linear: 3, sigmoid ]")
            .OfType<LinearSpec>().ShouldAllBe(
                layer => Math.Abs(((OrthogonalInitSpec)layer.Init).Gain - Math.Sqrt(2)) < 1e-5);
    }

    [Fact]
    public void Initialisation_leaves_a_missing_bias_missing() =>
        Model("he-init", "[ linear: { out: 8, bias: none }, relu, linear: 3 ]")
            .ShouldBe(Of("[ linear: { out: 8, init: he-normal, bias: none }, relu, linear: { out: 3, init: he-normal, "
                + "bias: zeros } ]"));

    [Theory]
    [InlineData("relu", 1.414214)]
    [InlineData("leaky-relu: 0.5", 1.264911)]
    [InlineData("tanh", 1.0)]
    [InlineData("sigmoid", null)]
    [InlineData("exponential", null)]
    public void The_critical_gain_is_offered_where_a_net_would_learn_at_it(string activation, double? gain)
    {
        Experiment? changed = RemedyCatalogue.Find("critical-gain")!.Apply(
            Patients.OfBlobs($"[ linear: 8, {activation}, linear: 3 ]"));
        ((LecunNormalInitSpec?)((LinearSpec?)changed?.Model[0])?.Init)?.Gain.ShouldBe(gain!.Value, 1e-6);
        (changed is null).ShouldBe(gain is null);
    }

    [Fact]
    public void Convolutions_are_normalised_too() =>
        Model("weight-norm",
            "[ conv2d: { out: 8, kernel: 3 }, relu, conv1d: { out: 4, init: zeros }, flatten, linear: 3 ]")
            .ShouldBe(Of(
                "[ conv2d: { out: 8, kernel: 3, weight-norm: true }, relu, conv1d: { out: 4, init: zeros }, flatten, "
                + "linear: { out: 3, weight-norm: true } ]"));

    [Fact]
    public void Weights_without_a_direction_are_not_normalised()
    {
        Model("weight-norm", "[ linear: 8, relu, linear: { out: 3, init: zeros } ]")
            .ShouldBe(Of("[ linear: { out: 8, weight-norm: true }, relu, linear: { out: 3, init: zeros } ]"));
        RemedyCatalogue.Find("weight-norm")!.Apply(Patients.OfBlobs("[ linear: 8, fixup: [ linear: 8 ], linear: 3 ]"))
            .ShouldBeNull();
    }

    [Fact]
    public void Batch_norm_is_no_remedy_for_batches_of_one()
    {
        Experiment patient = Patients.DeepSigmoid with { Training = Patients.DeepSigmoid.Training with { Batch = 1 } };
        RemedyCatalogue.Find("batch-norm")!.Apply(patient).ShouldBeNull();
        RemedyCatalogue.Find("layer-norm")!.Apply(patient).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public void A_clip_is_never_loosened(double bound, bool applies)
    {
        Experiment patient = Patients.Healthy with
        {
            Training = Patients.Healthy.Training with { Clip = new ClipNormSpec { Max = bound } },
        };
        (RemedyCatalogue.Find("clip-norm")!.Apply(patient) is not null).ShouldBe(applies);
    }

    [Fact]
    public void Rates_are_written_as_people_write_them()
    {
        Experiment patient = Patients.Healthy with { Optimizer = new SgdSpec { LearningRate = 0.7 } };
        RemedyCatalogue.Find("lower-learning-rate")!.Apply(patient)!.Optimizer.LearningRate.ShouldBe(0.07);
        RemedyCatalogue.Find("raise-learning-rate")!.Apply(patient)!.Optimizer.LearningRate.ShouldBe(7);
    }

    [Fact]
    public void Rates_of_groups_are_lowered_and_raised_along()
    {
        Experiment patient = Patients.Healthy with
        {
            Optimizer = new SgdSpec
            {
                LearningRate = 0.7,
                Groups =
                [
                    new ParameterGroupSpec { Parameters = ["biases"], LearningRate = 0.3 },
                    new ParameterGroupSpec { Parameters = ["weights"], WeightDecay = 0.1 },
                ],
            },
        };
        RemedyCatalogue.Find("lower-learning-rate")!.Apply(patient)!.Optimizer.Groups
            .Select(group => group.LearningRate).ShouldBe([0.03, null]);
    }

    [Fact]
    public void Adam_keeps_what_decays_and_no_rate_that_was_chosen_for_another()
    {
        Experiment patient = Patients.Healthy with
        {
            Optimizer = new SgdSpec
            {
                WeightDecay = 0.1,
                Groups =
                [
                    new ParameterGroupSpec { Parameters = ["biases"], LearningRate = 0.3, WeightDecay = 0 },
                    new ParameterGroupSpec { Parameters = ["weights"], LearningRate = 0.3 },
                ],
            },
        };
        RemedyCatalogue.Find("adam")!.Apply(patient)!.Optimizer.ShouldBe(new AdamSpec
        {
            WeightDecay = 0.1,
            Groups = [new ParameterGroupSpec { Parameters = ["biases"], WeightDecay = 0 }],
        });
    }

    [Fact]
    public void Names_of_layers_that_a_remedy_took_away_go_with_them()
    {
        Experiment patient = Patients.Parse("""
            name: named
            data: { agreement: { train: 40, test: 10 } }
            model: [ rnn: 4, last-step, linear: 4, tanh, linear: 39 ]
            loss: cross-entropy
            optimizer:
              sgd: { groups: [ { parameters: [ rnn-1.*, linear-2.bias ], lr: 1 }, { parameters: r*, lr: 2 } ] }
            training:
              steps: 5
              clip: { adaptive: { except: [ rnn-1.weight, norms ] } }
              regularizers: [ { l2: { factor: 1, of: rnn-1.weight } }, { l1: { factor: 1, of: "*.weight" } } ]
            """);
        Experiment changed = RemedyCatalogue.Find("lstm")!.Apply(patient)!;
        changed.Optimizer.Groups.Select(group => group.Parameters).ShouldBe([new ValueList<string>(["linear-2.bias"])]);
        ((AdaptiveClipSpec)changed.Training.Clip!).Except.ShouldBe(["norms"]);
        changed.Training.Regularizers.ShouldBe([new L1Spec { Factor = 1, Of = ["*.weight"] }]);
        DataSplits data = TaskData.Load(changed.Data, "", changed.Seed, changed.Training.Validation);
        Should.NotThrow(() => new Trainer(changed, data));
    }

    [Fact]
    public void Only_data_that_come_unscaled_are_scaled()
    {
        Remedy scale = RemedyCatalogue.Find("scale-data")!;
        scale.Apply(Patients.Healthy).ShouldBeNull();
        ((CsvSpec)scale.Apply(Patients.Healthy with
        {
            Data = new CsvSpec { Path = "a.csv", Target = ["y"], Scale = ColumnScaling.None },
        })!.Data).Scale.ShouldBe(ColumnScaling.Standard);
    }

    [Theory]
    [InlineData(
        "cross-entropy", "[ linear: 8, relu, linear: 3, sigmoid ]", "cross-entropy", "[ linear: 8, relu, linear: 3 ]")]
    [InlineData(
        "nll-probabilities", "[ linear: 8, relu, linear: 3 ]", "cross-entropy", "[ linear: 8, relu, linear: 3 ]")]
    [InlineData("nll-probabilities", "[ linear: 8, relu, linear: 3, exponential ]", "cross-entropy",
        "[ linear: 8, relu, linear: 3 ]")]
    [InlineData("binary-cross-entropy", "[ linear: 8, relu, linear: 3, sigmoid ]", "binary-cross-entropy",
        "[ linear: 8, relu, linear: 3 ]")]
    public void A_loss_gets_the_output_that_it_is_made_for(string loss, string model, string newLoss, string newModel)
    {
        Experiment changed = RemedyCatalogue.Find("fix-output")!.Apply(WithLoss(model, loss))!;
        changed.Model.ShouldBe(Of(newModel));
        changed.Loss.EntryName.ShouldBe(newLoss);
    }

    [Theory]
    [InlineData("cross-entropy", "[ linear: 8, relu, linear: 3 ]")]
    [InlineData("mse", "[ linear: 8, relu, linear: 3, sigmoid ]")]
    public void An_output_that_fits_is_left_alone(string loss, string model) =>
        RemedyCatalogue.Find("fix-output")!.Apply(WithLoss(model, loss)).ShouldBeNull();

    private static Experiment WithLoss(string model, string loss) =>
        Patients.Parse(ExperimentFile.Write(Patients.OfBlobs(model)).Replace(
            "loss: cross-entropy", "loss: " + loss, StringComparison.Ordinal));

    private static ValueList<LayerSpec> Of(string model) => Patients.OfBlobs(model).Model;

    private static ValueList<LayerSpec> Model(string remedy, string model) =>
        RemedyCatalogue.Find(remedy)!.Apply(Patients.OfBlobs(model)).ShouldNotBeNull().Model;
}
