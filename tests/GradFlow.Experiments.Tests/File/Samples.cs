namespace GradFlow.Experiments.Tests;

/// <summary>Experiment texts that tests share.</summary>
internal static class Samples
{
    public const string Small = """
        name: small
        seed: 7
        data: { strokes: { train: 100, test: 50 } }
        model:
          - flatten
          - linear: { out: 64, init: { normal: 0.1 }, bias: zeros }
          - sigmoid
          - repeat: { times: 9, layers: [ { linear: 64 }, sigmoid ] }
          - linear: 10
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1, momentum: 0.9 } }
        training: { epochs: 3, batch: 64, clip: { norm: 1.0 } }

        """;

    /// <summary>Uses every layer, initialisation and option once.</summary>
    public static Experiment Everything { get; } = new()
    {
        Name = "every-thing_1.0",
        Seed = int.MaxValue,
        Data = new CsvSpec
        {
            Path = "a folder/it's \"quoted\": x # y\\z.csv",
            Target = ["y", "true", "12", "two words"],
            Test = 1.0 / 3,
            Scale = ColumnScaling.None,
        },
        Model =
        [
            new FlattenSpec(), .. Embeddings,
            .. Inits.Select(init => new LinearSpec { Out = 8, Init = init, Bias = init as BiasInitSpec }),
            new SigmoidSpec(), new TanhSpec(), new ReluSpec(), new GeluSpec(), new ExponentialSpec(),
            new LeakyReluSpec(), new LeakyReluSpec { Slope = -0.2 }, .. Activations,
            new BatchNormSpec(), new BatchNormSpec { Momentum = 1, Eps = 1e-300 },
            new LayerNormSpec { Eps = 1.5e-7 }, new DropoutSpec(), new DropoutSpec { P = 0 },
            new ResidualSpec { Layers = [new TanhSpec()] }, new HighwaySpec { Layers = [new TanhSpec()] },
            new HighwaySpec { Layers = [new TanhSpec()], GateBias = 0, GateInit = new ZerosInitSpec() },
            new ResidualSpec
            {
                Scale = -1e22,
                Layers = [new RepeatSpec { Times = 2, Layers = [new LinearSpec { Out = 8 }] }, new ReluSpec()],
            },
            new ResidualSpec { Layers = [new TanhSpec()], Shortcut = ShortcutKind.ZeroPadding },
            new ResidualSpec
            {
                Layers = [new LinearSpec { Out = 16 }],
                Shortcut = ShortcutKind.Projection,
                ShortcutInit = new HeNormalInitSpec(),
            },
            .. Recurrent,
            .. Sliding,
            new LastStepSpec(),
        ],
        Loss = new NllProbabilitiesSpec(),
        Optimizer = new AdamSpec { LearningRate = 3e-5, Beta1 = 0, Beta2 = 0.98, Eps = 1e-9, WeightDecay = 0.01 },
        Training = new TrainingSpec
        {
            Steps = 1000,
            Batch = 1,
            Accumulate = 16,
            Validation = 0.25,
            Clip = new ClipValueSpec { Max = 0.5 },
            Schedule = new StepScheduleSpec { Every = 10 },
            WarmUp = 200,
            Stop = new EarlyStoppingSpec { Patience = 3, Delta = 1e-3, Every = 50 },
            Truncate = new() { Window = 7 },
        },
    };

    /// <summary>
    /// Everything, with each optimiser, schedule, clipping and the like, with and without its options.
    /// </summary>
    public static IReadOnlyList<Experiment> Recipes =>
    [
        .. Optimizers.Select(optimizer => Everything with { Optimizer = optimizer }),
        .. Schedules.Select(
            schedule => Everything with { Training = Everything.Training with { Schedule = schedule } }),
        .. Clips.Select(clip => Everything with { Training = Everything.Training with { Clip = clip } }),
        .. Regularizers.Select(
            regularizer => Everything with { Training = Everything.Training with { Regularizers = [regularizer] } }),
        Everything with { Training = Everything.Training with { Regularizers = [.. Regularizers] } },
        .. Rescues.Select(rescue => Everything with { Training = Everything.Training with { NonFinite = rescue } }),
        .. Truncations.Select(
            truncate => Everything with
            {
                Training = Everything.Training with { Accumulate = 1, Truncate = truncate },
            }),
        .. Segments.Select(
            segments => Everything with { Training = Everything.Training with { ActivationCheckpointing = segments } }),
    ];

    private static IReadOnlyList<ClipSpec> Clips =>
    [
        new ClipNormSpec { Max = 1 }, new ClipPerParameterSpec { Max = 0.1 }, new ClipPercentileSpec(),
        new ClipPercentileSpec { Percent = 99.9, Window = 100 }, new AdaptiveClipSpec(),
        new AdaptiveClipSpec { Factor = 0.1, Eps = 1, Except = ["linear-2.*", "norms"] },
    ];

    private static IReadOnlyList<RegularizerSpec> Regularizers =>
    [
        new L1Spec { Factor = 0 }, new L1Spec { Factor = 1, Of = ["biases", "rnn-1.*"] }, new L2Spec { Factor = 1e-4 },
        new OrthogonalitySpec { Factor = 0.1 }, new SpectralNormSpec { Factor = 0.1, Of = ["linear-1.weight"] },
    ];

    private static IReadOnlyList<TruncateSpec> Truncations =>
        [new() { Window = 1 }, new() { Every = 3 }, new() { Every = 3, Back = 9, Carry = true }];

    private static IReadOnlyList<CheckpointingSpec> Segments =>
        [new SqrtCheckpointingSpec(), new EveryCheckpointingSpec { Layers = 4 }];

    private static IReadOnlyList<NonFiniteSpec> Rescues =>
    [
        new ErrorSpec(), new SkipSpec(), new SkipSpec { AtMost = 1 }, new RestoreSpec(),
        new RestoreSpec { Factor = 1, Every = 3, AtMost = 2 },
    ];

    private static IReadOnlyList<OptimizerSpec> Optimizers =>
    [
        new SgdSpec(), new SgdSpec { Momentum = 0.5, Nesterov = true, WeightDecay = 0.1, Decoupled = true },
        new AdamSpec(),
        new AdamWSpec(), new AdamWSpec { WeightDecay = 0, Beta1 = 0.5, Beta2 = 0.6, Eps = 1e-3 },
        new AdaGradSpec(), new AdaGradSpec { Eps = 1e-3, Start = 0.1, RateDecay = 0.01 },
        new RmsPropSpec(), new RmsPropSpec { Alpha = 0, Eps = 1e-3, Momentum = 0.9, Centered = true },
        new SgdSpec
        {
            Groups =
            [
                new ParameterGroupSpec { Parameters = ["biases", "*.gain: x"], WeightDecay = 0 },
                new ParameterGroupSpec { Parameters = ["linear-1.*"], LearningRate = 0 },
            ],
        },
    ];

    private static IReadOnlyList<ScheduleSpec> Schedules =>
    [
        new ConstantScheduleSpec(), new ExponentialScheduleSpec { Every = 3, Factor = 0.5 }, new CosineScheduleSpec(),
        new CosineScheduleSpec { FinalFactor = 0.1 }, new CosineRestartsScheduleSpec { First = 7 },
        new CosineRestartsScheduleSpec { First = 7, Growth = 2, FinalFactor = 0.1 }, new OneCycleScheduleSpec(),
        new OneCycleScheduleSpec { Rise = 0.5, StartFactor = 0, FinalFactor = 0.01 },
        new OneCycleScheduleSpec { CycleMomentum = false }, new OnPlateauScheduleSpec(),
        new OneCycleScheduleSpec { LeastMomentum = 0.7, MostMomentum = 0.9 },
        new OnPlateauScheduleSpec
        {
            Of = Progress.TrainingLoss,
            Every = 5,
            Factor = 0.5,
            Patience = 0,
            Threshold = 0,
            Cooldown = 3,
            FinalFactor = 0.01,
        },
    ];

    public static IReadOnlyList<LayerSpec> Embeddings =>
        [new EmbeddingSpec { Out = 8 },
            new EmbeddingSpec { Out = 8, Words = 50, Init = new UniformInitSpec { A = 0.1 } }];

    /// <summary>Further activations, each with and without its options.</summary>
    public static IReadOnlyList<LayerSpec> Activations =>
    [
        new GeluSpec { Form = GeluForm.Tanh }, new SiluSpec(), new SeluSpec(), new SoftsignSpec(), new Relu6Spec(),
        new EluSpec(), new EluSpec { Alpha = 0.5 }, new SoftplusSpec(), new SoftplusSpec { Beta = 10 },
        new HardTanhSpec(), new HardTanhSpec { Min = 0, Max = 1 }, new PreluSpec(),
        new PreluSpec { Slope = 0, PerFeature = true }, new RreluSpec(), new RreluSpec { Lower = 0, Upper = 0.5 },
        new MaxoutSpec(), new MaxoutSpec { Pieces = 4 }, new SoftmaxSpec(),
    ];

    /// <summary>What slides over images and sequences.</summary>
    public static IReadOnlyList<LayerSpec> Sliding =>
    [
        new Conv1dSpec { Out = 4, Kernel = 5, Dilation = 2, Bias = null }, new Conv2dSpec { Out = 4 },
        new Conv2dSpec { Out = 8, Kernel = 1, Stride = 2, Padding = 1, PaddingMode = PaddingMode.Circular, Groups = 4 },
        new MaxPool1dSpec { Kernel = 2 }, new MaxPool2dSpec { Kernel = 3, Stride = 1, Padding = 1 },
        new AvgPool1dSpec { Kernel = 2 }, new AvgPool2dSpec { Kernel = 2 }, new GlobalAvgPoolSpec(),
        new GlobalMaxPoolSpec(),
    ];

    /// <summary>Layers that read sequences, each with and without its options.</summary>
    public static IReadOnlyList<LayerSpec> Recurrent =>
    [
        new RnnSpec { Out = 8 }, new RnnSpec { Out = 8, Activation = RecurrentActivation.Relu, Bias = null },
        new RnnSpec
        {
            Out = 8,
            Activation = RecurrentActivation.Identity,
            Init = new XavierNormalInitSpec(),
            RecurrentInit = new OrthogonalInitSpec { Gain = 0.9 },
            Bias = new ZerosInitSpec(),
        },
        new IrnnSpec { Out = 8 }, new IrnnSpec { Out = 8, Init = new NormalInitSpec { Std = 0.1 } },
        new LstmSpec { Out = 8, Bias = null }, new LstmSpec { Out = 8, ForgetBias = 1.5 },
        new GruSpec { Out = 8, Bias = null }, new GruSpec { Out = 8, UpdateBias = -2 },
        new LstmSpec { Out = 8, Chrono = 50, Peepholes = true },
        new GruSpec { Out = 8, Chrono = 20, Bidirectional = true },
        new RnnSpec { Out = 8, Activation = RecurrentActivation.ModRelu, Bidirectional = true },
        new RnnSpec { Out = 8, Skip = 5, SkipInit = new OrthogonalInitSpec() },
        new RnnSpec { Out = 8, LayerNorm = true },
        new RnnSpec { Out = 8, LayerNorm = true, Bias = new ConstantInitSpec { Value = 1 } },
        new LstmSpec { Out = 8, Skip = 2, Peepholes = true }, new GruSpec { Out = 8, Skip = 3 },
        new LeakyRnnSpec { Out = 8 },
        new LeakyRnnSpec { Out = 8, TimeConstant = 2, Longest = 100, Trained = true, Bias = null },
        new OrthogonalRnnSpec { Out = 8, RecurrentInit = new IdentityInitSpec() },
        new OrthogonalRnnSpec { Out = 8, Activation = RecurrentActivation.ModRelu },
        new LruSpec { Out = 8 },
        new LruSpec { Out = 8, States = 5, InnerRadius = 0, OuterRadius = 0.9, MaxPhase = 0.5 },
    ];

    public static IReadOnlyList<InitSpec> Inits =>
    [
        new XavierUniformInitSpec(), new XavierNormalInitSpec { Gain = 1.6 }, new HeUniformInitSpec(),
        new HeNormalInitSpec { Gain = 0.1 }, new LecunUniformInitSpec(), new LecunNormalInitSpec(),
        new OrthogonalInitSpec { Gain = 1.05 }, new IdentityInitSpec(), new NormalInitSpec { Std = 0.1 },
        new UniformInitSpec { A = 0.05 }, new ConstantInitSpec { Value = -3 }, new ZerosInitSpec(), new TorchInitSpec(),
    ];

    /// <summary>Small, with the line that begins like the given one replaced by it.</summary>
    public static string With(string line)
    {
        string key = line[..(line.IndexOf(':') + 1)];
        return string.Join('\n', Small.Split('\n').Select(l => l.StartsWith(key, StringComparison.Ordinal) ? line : l));
    }
}
