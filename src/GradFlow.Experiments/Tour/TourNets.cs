namespace GradFlow.Experiments;

/// <summary>The nets of the tour; where a stop names an example file, the net is that file's.</summary>
internal static class TourNets
{
    private static readonly StrokesSpec Strokes = new() { Train = 4000, Test = 1000, Size = 16 };

    /// <summary>Ten layers with sigmoids between them, as in examples/01.</summary>
    public static Experiment DeepSigmoid(int seed, int steps) => new()
    {
        Name = "deep-sigmoid",
        Seed = seed,
        Data = Strokes,
        Model = Between(9, new LinearSpec { Out = 64 }, new SigmoidSpec()),
        Loss = new CrossEntropySpec(),
        Optimizer = new SgdSpec { LearningRate = 0.02, Momentum = 0.9 },
        Training = new TrainingSpec { Steps = steps, Batch = 32 },
    };

    /// <summary>Thirty ReLU layers, of a given init between the first and the last, as in examples/03.</summary>
    public static Experiment DeepRelu(int seed, int steps, InitSpec init)
    {
        LinearSpec first = Linear(64, new HeNormalInitSpec());
        return new()
        {
            Name = "exploding",
            Seed = seed,
            Data = Strokes,
            Model =
            [
                new FlattenSpec(), first, new ReluSpec(),
                new RepeatSpec { Times = 28, Layers = [first with { Init = init }, new ReluSpec()] },
                new LinearSpec { Out = 10 },
            ],
            Loss = new CrossEntropySpec(),
            Optimizer = new SgdSpec { LearningRate = 0.005, Momentum = 0.9 },
            Training = new TrainingSpec { Steps = steps, Batch = 32 },
        };
    }

    /// <summary>A hundred wide ReLU layers whose weights are He's times a gain, which each layer then has.</summary>
    public static Experiment OfGain(int seed, double gain)
    {
        LinearSpec linear = Linear(128, new HeNormalInitSpec { Gain = gain });
        return new()
        {
            Name = "gain",
            Seed = seed,
            Data = new StrokesSpec { Train = 100, Test = 10, Size = 16 },
            Model =
            [
                new FlattenSpec(), new RepeatSpec { Times = 99, Layers = [linear, new ReluSpec()] },
                linear with { Out = 10 },
            ],
            Loss = new CrossEntropySpec(),
            Optimizer = new SgdSpec(),
            Training = new TrainingSpec { Steps = 1, Batch = 32 },
        };
    }

    /// <summary>A recurrent layer that says the last word of sentences, which follows from a far one.</summary>
    public static Experiment Agreement(int seed, int steps, LayerSpec recurrent)
    {
        var data = new AgreementSpec { Train = 2000, Test = 500, Distance = 40, Languages = 4 };
        return new()
        {
            Name = "agreement",
            Seed = seed,
            Data = data,
            // A loss on every word would teach the last one too, but not in seconds.
            Model = [recurrent, new LastStepSpec(), new LinearSpec { Out = Grammar.VocabularySize(data.Languages) }],
            Loss = new CrossEntropySpec(),
            Optimizer = new AdamSpec { LearningRate = 0.03 },
            // Without the clip an LSTM that has found the country loses it again on one seed in three.
            Training = new TrainingSpec { Steps = steps, Batch = 32, Clip = new ClipNormSpec { Max = 1 } },
        };
    }

    /// <summary>Hidden layers of several parts each, all but the first in a repeat; then the output.</summary>
    public static ValueList<LayerSpec> Between(int hidden, params LayerSpec[] parts) =>
    [
        new FlattenSpec(), .. parts, new RepeatSpec { Times = hidden - 1, Layers = [.. parts] },
        new LinearSpec { Out = 10 },
    ];

    private static LinearSpec Linear(int outputs, InitSpec init) =>
        new() { Out = outputs, Init = init, Bias = new ZerosInitSpec() };
}
