using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Attention and Transformers of an experiment file: what they are made of, refuse, and train.</summary>
public sealed class TransformerLayerTests
{
    private const int Steps = 8;

    public static TheoryData<string> Nets =>
    [
        "[ linear: 8, positions: learned, attention: 2, last-step, linear: 1 ]",
        "[ linear: 8, attention: { heads: 4, causal: true, window: 3 }, last-step, linear: 1 ]",
        "[ linear: 8, attention: { heads: 1, kind: linear, causal: true }, last-step, linear: 1 ]",
        "[ linear: 8, positions: sinusoidal, transformer-encoder: { heads: 2, hidden: 16, times: 2, dropout: 0.1 }, "
            + "last-step, linear: 1 ]",
        "[ linear: 8, transformer-encoder: { heads: 2, hidden: 16, norm: pre, causal: true, window: 4, "
            + "activation: gelu }, layer-norm, last-step, linear: 1 ]",
        "[ linear: 8, transformer-encoder: { heads: 2, hidden: 16, norm: deep, times: 3 }, last-step, linear: 1 ]",
    ];

    [Theory]
    [MemberData(nameof(Nets))]
    public void Watching_changes_no_bit_and_neither_does_checkpointing(string model)
    {
        Trainer alone = Trainings.Start(Experiment(model)), watched = Trainings.Start(Experiment(model));
        RunStructure structure = Trainings.RecorderOf(watched).Current.Header.Structure;
        WatchOptions often = new() { Budget = 1, MaxInterval = 1 };
        watched.Watch = new NetWatch(watched.Model.Net, structure, 16, often);
        List<StepRecord> expected = alone.Take(Steps);
        watched.Take(Steps).ShouldBe(expected);
        watched.Capture().Bits().ShouldBe(alone.Capture().Bits());
        Trainings.Start(Experiment(model, ", activation-checkpointing: { every: 2 }")).Take(Steps).ShouldBe(expected);
    }

    [Fact]
    public void A_transformer_is_the_blocks_that_the_library_makes()
    {
        foreach (NormPlacement norm in Enum.GetValues<NormPlacement>())
        {
            Experiment experiment = Experiment(
                "[ linear: 8, transformer-encoder: { heads: 2, hidden: 16, "
                    + $"norm: {norm.ToString().ToLowerInvariant()}, times: 2, dropout: 0.1 }}, last-step, linear: 1 ]");
            Module[] built = [.. Trainings.Start(experiment).Model.Net.Children.Skip(1).SkipLast(2)];
            TransformerBlock block = new(8, new(2), 16) { Norm = norm, Deep = DeepNorm.Of(2), Dropout = 0.1 };
            Module[] made = [.. Enumerable.Range(0, 2).SelectMany(i => block.Encoder($"b{i}", 1).Children)];
            static IEnumerable<string> Shape(Module[] modules) => modules
                .SelectMany(module => module.SelfAndDescendants())
                .Select(module => module is Residual { Scale: var scale } ? $"{module.Type} {scale}" : module.Type);
            Shape(built).ShouldBe(Shape(made));
        }
    }

    [Fact]
    public void Deep_norm_counts_the_blocks_of_the_whole_net()
    {
        Experiment experiment = Experiment(
            "[ linear: 8, repeat: { times: 2, layers: [ transformer-encoder: { heads: 2, hidden: 16, norm: deep, "
                + "times: 3 } ] }, transformer-encoder: { heads: 2, hidden: 4, norm: deep, times: 2 }, last-step, "
                + "linear: 1 ]");
        IEnumerable<Residual> blocks = Trainings.Start(experiment).Model.Net.Children.OfType<Residual>();
        blocks.Select(block => block.Scale).Distinct().ShouldBe([1 / DeepNorm.Of(8).Alpha]);
        blocks.Count().ShouldBe(16);
    }

    [Fact]
    public void The_forecast_says_what_it_does_not_cover()
    {
        Trainer trainer = Trainings.Start(
            Experiment("[ linear: 8, attention: 2, layer-norm, tanh, last-step, linear: 1 ]"));
        RunStructure structure = Trainings.RecorderOf(trainer).Current.Header.Structure;
        Forecast forecast = trainer.Forecast(structure);
        int attention = structure.Parts.Index().Single(part => part.Item.Kind == LinkKind.Attention).Index;
        forecast.PartGains[attention].ShouldBeNull();
        forecast.CutNorms[0].ShouldBeNull();
        forecast.Expectation.ShouldBe("unknown");
        forecast.PartGains[^1].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("[ linear: 6, attention: 4, last-step, linear: 1 ]",
        "model[1]: 'attention' shares 6 features out among 4 heads; expected a number of heads that divides them")]
    [InlineData("[ linear: 9, repeat: { times: 2, layers: [ transformer-encoder: { heads: 2, hidden: 4 } ] }, "
        + "linear: 1 ]",
        "model[1].repeat.layers[0]: 'transformer-encoder' shares 9 features out among 2 heads; expected a number of "
            + "heads that divides them")]
    [InlineData("[ linear: 8, last-step, attention: 2 ]",
        "model[2]: 'attention' reads sequences, but gets samples of shape 8; expected data such as 'agreement', and no "
            + "'last-step' or 'flatten' before it")]
    [InlineData("[ flatten, positions: learned, linear: 1 ]",
        "model[1]: 'positions' reads sequences, but gets samples of shape 24; expected data such as 'agreement', and "
            + "no 'last-step' or 'flatten' before it")]
    public void What_does_not_fit_is_refused(string model, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Experiment(model))).Message
            .ShouldBe($"test.yaml:3: {problem}");

    [Fact]
    public void A_window_of_linear_attention_is_refused() => Should.Throw<InvalidExperimentException>(
        () => Experiment("[ attention: { heads: 2, kind: linear, window: 3 } ]")).Message.ShouldContain(
            "'window' limits softmax attention alone");

    [Fact]
    public void Sizes_that_no_machine_holds_are_refused() => Should.Throw<InvalidExperimentException>(
        () => Experiment("[ linear: 10000, transformer-encoder: { heads: 1, hidden: 100000, times: 1000 } ]"))
        .Message.ShouldContain("weights; at most 250,000,000 can be trained");

    private static Experiment Experiment(string model, string training = "") => Trainings.Parse($$"""
        name: attentive
        data: { adding: { length: 12, train: 100, test: 10 } }
        model: {{model}}
        loss: mse
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 30, batch: 16{{training}} }
        """);
}
