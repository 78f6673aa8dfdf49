using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Builds an experiment's net: modules with initial weights, and theory's view of them.</summary>
public sealed partial class ModelBuilder
{
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, string> _initNames = [];
    private readonly Experiment _experiment;
    private readonly CriticalGains _critical;
    private readonly string _file;
    private readonly List<Module> _modules = [];
    private readonly List<long> _unitsUpTo = [0];
    private int[] _shape;
    private WordInput? _words;
    private bool _hasPadding;
    private double _weights;
    private long _units;

    private ModelBuilder(Experiment experiment, int[] inputShape, string file)
    {
        _experiment = experiment;
        _critical = new CriticalGains(experiment.Model);
        _shape = inputShape;
        _file = file;
    }

    /// <summary>Builds the net for inputs of a shape.</summary>
    /// <param name="experiment">The experiment; its seed keys the initial weights, by layer name.</param>
    /// <param name="inputShape">One sample's shape.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <param name="hasPadding">Whether samples are sequences of several lengths, with padding behind them.</param>
    /// <exception cref="InvalidExperimentException">The layers do not fit each other.</exception>
    public static Model Build(Experiment experiment, int[] inputShape, string file, bool hasPadding = false)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(inputShape);
        var builder = new ModelBuilder(experiment, inputShape, file) { _hasPadding = hasPadding };
        var stages = new List<NamedStage>();
        builder.AddAll(experiment.Model, "model", builder._modules, stages);
        CheckpointingSpec? checkpointing = experiment.Training.ActivationCheckpointing;
        int? segment = checkpointing?.SegmentLength(builder._modules.Count);
        int outputs = builder.Features("model", experiment.Model[^1], "the loss");
        return new Model(
            new Sequential("net", builder._modules)
            {
                SegmentLength = segment,
                CheckpointsTimeSteps = checkpointing?.PartsTimeSteps == true,
            },
            stages, builder._initNames, outputs)
        {
            Units = segment is { } length ? builder.UnitsWith(length) : builder._units,
            Words = builder._words,
            StepsOut = builder._shape is [var steps, _] ? steps : null,
        };
    }

    private void AddAll(IReadOnlyList<LayerSpec> layers, string path, List<Module> modules, List<NamedStage> stages)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            string at = $"{path}[{i}]";
            if (layers[i] is RepeatSpec repeat)
                for (int turn = 0; turn < repeat.Times; turn++)
                    AddAll(repeat.Layers, $"{at}.repeat.layers", modules, stages);
            else if (layers[i] is TransformerEncoderSpec encoder) AddTransformer(encoder, at, modules, stages);
            else Add(layers[i], at, modules, stages);
        }
    }

    private void Add(LayerSpec layer, string at, List<Module> modules, List<NamedStage> stages)
    {
        string name = NextName(layer.EntryName);
        (Module module, Stage stage, IReadOnlyList<NamedStage> branch) = layer switch
        {
            LinearSpec spec => Plain(BuildLinear(spec, name, at)),
            EmbeddingSpec spec => Plain(BuildEmbedding(spec, name, at)),
            FlattenSpec => Plain(BuildFlatten(name)),
            BlockSpec spec => BuildBlock(spec, name, at),
            _ when ConvolutionLayers.Slides(layer) => Plain(BuildSliding(layer, name, at)),
            BatchNormSpec or LayerNormSpec or GroupNormSpec or RmsNormSpec =>
                Plain(BuildNormalization(layer, name, at)),
            LruSpec spec => Plain(BuildLru(spec, name, at)),
            _ when RecurrentLayers.IsRecurrent(layer) => Plain(BuildRecurrent(layer, name, at)),
            AttentionSpec spec => Plain(BuildAttention(spec, name, at)),
            PositionsSpec spec => Plain(BuildPositions(spec, name, at)),
            AttentionDecoderSpec spec => Plain(BuildAttentionDecoder(spec, name, at)),
            TransformerDecoderSpec spec => Plain(BuildTransformerDecoder(spec, name, at)),
            LastStepSpec => Plain(BuildLastStep(layer, name, at)),
            DropoutSpec spec => Plain((new Dropout(name, spec.P), new DropoutStage(spec.P))),
            ActivationSpec spec => Plain(BuildActivation(spec, name, at)),
            _ => throw new ArgumentException($"is a {layer.GetType().Name}, which has no module", nameof(layer)),
        };
        _units += _shape.Aggregate(1L, (size, n) => size * n);
        modules.Add(module);
        stages.Add(new NamedStage(name, stage, branch));
        if (modules == _modules) _unitsUpTo.Add(_units);
    }

    /// <summary>
    /// Numbers that are held where segments of so many modules are: the largest one, and what the others end with.
    /// </summary>
    private long UnitsWith(int segment)
    {
        long largest = 0, ends = 0;
        for (int first = 0; first < _modules.Count; first += segment)
        {
            int end = Math.Min(first + segment, _modules.Count);
            largest = Math.Max(largest, _unitsUpTo[end] - _unitsUpTo[first]);
            ends += _unitsUpTo[end] - _unitsUpTo[end - 1];
        }
        return largest + ends;
    }

    private static (Module, Stage, IReadOnlyList<NamedStage>) Plain((Module Module, Stage Stage) layer) =>
        (layer.Module, layer.Stage, []);

    private string NextName(string type)
    {
        _counts[type] = _counts.GetValueOrDefault(type) + 1;
        return $"{type}-{_counts[type]}";
    }

    private (Module, Stage) BuildLinear(LinearSpec spec, string name, string at)
    {
        int fanIn = Features(at, spec, "linear");
        CountWeights((double)fanIn * spec.Out, at, spec);
        _shape = [.. _shape[..^1], spec.Out];
        InitSpec drawn = Resolved(spec.Init, spec, spec.Bias, fanIn, at);
        Initializer init = Initialization.Of(drawn);
        var weight = new Parameter($"{name}.weight", Tensor.Zeros(new Shape(spec.Out, fanIn)));
        init.FillInPlace(weight.Value, Key(weight));
        _initNames[weight.Name] = spec.Init.ToYaml();
        Parameter? bias = null;
        double biasVariance = 0;
        if (spec.Bias is not null)
        {
            bias = new Parameter($"{name}.bias", Tensor.Zeros(new Shape(spec.Out)));
            biasVariance = Initialization.FillBias(spec.Bias, bias.Value, fanIn, Key(bias));
            _initNames[bias.Name] = spec.Bias.ToYaml();
        }
        Parameter? scale = spec.WeightNorm ? WeightScaleOf(weight, spec, at) : null;
        return (new Linear(name, weight, bias, scale), Initialization.StageOf(
            drawn, init, fanIn, spec.Out, biasVariance));
    }

    /// <summary>The initialisation with theory's gain as a number.</summary>
    private InitSpec Resolved(InitSpec init, LayerSpec layer, BiasInitSpec? bias, int fanIn, string at)
    {
        if (init is SpectralRadiusInitSpec) return Drawn(init, layer, at);
        if (init is RidgeInitSpec && (layer is not LinearSpec { WeightNorm: false } || layer != _experiment.Model[^1]))
            return Drawn(init, layer, at);
        if (init is not CriticalInitSpec critical) return init;
        ActivationSpec? activation = _critical.ActivationOf(layer);
        double biasVariance = bias is null ? 0 : Initialization.BiasMeanSquare(bias, fanIn);
        return _critical.SigmaW(activation, biasVariance) is { } sigmaW
            ? CriticalGains.WithGain(critical, sigmaW)
            : throw Invalid(
                at, layer, $"no scale of 'critical' weights lets both signal and gradient keep their size through "
                    + $"'{activation!.EntryName}' with such biases; expected another 'init'");
    }

    /// <summary>An initialisation that asks neither the data nor what lies behind the layer.</summary>
    private InitSpec Drawn(InitSpec init, LayerSpec layer, string at, bool isOfState = false) => init switch
    {
        SpectralRadiusInitSpec when !isOfState => throw Invalid(
            at, layer, "'spectral-radius' is for 'recurrent-init', whose weights are square; expected another "
                + "initialisation"),
        LsuvInitSpec or CriticalInitSpec => throw Invalid(
            at, layer, $"'{init.EntryName}' is for 'linear' and convolutions; expected another initialisation"),
        RidgeInitSpec => throw Invalid(
            at, layer, "'ridge' fits the last layer to the data, a 'linear' without 'weight-norm'; expected another "
                + "initialisation"),
        _ => init,
    };

    private Parameter WeightScaleOf(Parameter weight, WeightedSpec spec, string at)
    {
        bool hasEmptyUnit = Enumerable.Range(0, spec.Out).Any(
            unit => Kernels.MaxAbs(weight.Value.Slice(0, unit, 1)) == 0);
        return hasEmptyUnit
            ? throw Invalid(
                at, spec, "'weight-norm' keeps the direction of each unit's weights, but weights of 0 have none; "
                    + "expected another 'init'")
            : IWeightLayer.WeightScaleOf(weight);
    }

    private (Module, Stage) BuildNormalization(LayerSpec layer, string name, string at)
    {
        bool isMap = _shape.Length == 3 && layer is BatchNormSpec or GroupNormSpec;
        int features = isMap ? _shape[0] : Features(at, layer, layer.EntryName);
        if (layer is BatchNormSpec) RequireWhole(at, layer);
        if (layer is GroupNormSpec { Groups: var groups } && features % groups != 0)
            throw Invalid(
                at, layer,
                $"'group-norm' parts {Words.Count(features, isMap ? "channel" : "feature")} into {groups} groups "
                    + "of equal size; expected a divisor");
        return NormalizationLayers.Build(layer, name, features, isMap, _experiment.Training.Batch)!.Value;
    }

    private (Module, Stage) BuildEmbedding(EmbeddingSpec spec, string name, string at)
    {
        if (_words is not null || _counts.Keys.Any(type => type is not ("embedding" or "flatten")))
            throw Invalid(at, spec, "'embedding' looks up the data's words; expected no layer but 'flatten' before it");
        bool isText = _experiment.Data is TextSpec;
        if (isText && _shape.Length != 2)
            throw Invalid(at, spec, "'embedding' looks up one character after the other; take 'flatten' off before it");
        _words = new WordInput(spec.Words ?? _shape[^1], IsOneHot: spec.Words is null && !isText);
        int[] lead = _words.IsOneHot || isText ? _shape[..^1] : _shape;
        if (lead.Length > 1)
            throw Invalid(
                at, spec,
                $"'embedding' gets words of shape {Words.Shape(lead)}; put 'flatten' before it, or use one-hot "
                    + "words in a row, such as those of 'agreement'");
        CountWeights((double)_words.Count * spec.Out, at, spec);
        _shape = [.. lead, spec.Out];
        var weight = new Parameter($"{name}.weight", Tensor.Zeros(new Shape(_words.Count, spec.Out)));
        Initialization.Of(Drawn(spec.Init, spec, at)).FillInPlace(weight.Value, Key(weight));
        _initNames[weight.Name] = spec.Init.ToYaml();
        Stage stage = Initialization.MeanSquare(spec.Init, spec.Out, _words.Count) switch
        {
            null => new UncoveredStage("embedding with constant vectors"),
            { } variance when _words.IsOneHot => new DenseStage(_words.Count, spec.Out, variance),
            { } variance => new EmbeddingStage(variance),
        };
        return (new Embedding(name, weight, _words.IsOneHot), stage);
    }

    private (Module, Stage) BuildSliding(LayerSpec layer, string name, string at)
    {
        if (ConvolutionLayers.FindProblem(layer, _shape) is { } problem)
            throw Invalid(at, layer, $"'{layer.EntryName}' {problem}");
        if (layer is ConvSpec or PoolSpec) RequireWhole(at, layer);
        double weights = ConvolutionLayers.WeightsOf(layer, _shape);
        CountWeights(weights, at, layer);
        if (layer is ConvSpec conv)
            layer = conv with { Init = Resolved(conv.Init, layer, conv.Bias, (int)(weights / conv.Out), at) };
        (Module module, Stage stage, _shape) =
            ConvolutionLayers.Build(layer, name, _shape, _experiment.Seed, _initNames);
        return (module is Conv plain && layer is ConvSpec { WeightNorm: true } spec ? Normalized(
            plain, spec, at) : module, stage);
    }

    private Conv Normalized(Conv layer, ConvSpec spec, string at)
    {
        Parameter scale = WeightScaleOf(layer.Weight, spec, at);
        return layer is Conv1d
            ? new Conv1d(layer.Name, layer.Weight, layer.Bias, layer.How, scale)
            : new Conv2d(layer.Name, layer.Weight, layer.Bias, layer.How, scale);
    }

    private void RequireWhole(string at, LayerSpec layer)
    {
        if (_hasPadding && _shape.Length == 2)
            throw Invalid(
                at, layer, $"'{layer.EntryName}' would mix the padding behind shorter sequences with what they hold; "
                    + "expected sequences of one 'length'");
    }

    private void CountWeights(double count, string at, LayerSpec layer)
    {
        _weights += count;
        if (_weights > ModelSize.MaxWeights)
            throw Invalid(
                at, layer, $"{_weights:N0} weights up to here; at most {ModelSize.MaxWeights:N0} can be trained");
    }

    private (Module, Stage) BuildRecurrent(LayerSpec layer, string name, string at)
    {
        RecurrentSpec spec = layer switch
        {
            IrnnSpec irnn => irnn.ToRnn(),
            EchoStateSpec reservoir => reservoir.ToRnn(),
            _ => (RecurrentSpec)layer,
        };
        RequireSequence(at, layer);
        Drawn(spec.Init, layer, at);
        Drawn(spec.RecurrentInit, layer, at, isOfState: true);
        if (spec is SkippingRecurrentSpec skipping) Drawn(skipping.SkipInit, layer, at, isOfState: true);
        int fanIn = Features(at, layer, layer.EntryName);
        int outputs = RecurrentLayers.OutputsOf(spec);
        int states = spec is SkippingRecurrentSpec { Skip: not null } ? 2 * spec.Out : spec.Out;
        CountWeights(RecurrentLayers.GatesOf(spec) * (double)outputs * (fanIn + states), at, layer);
        _shape = [_shape[0], outputs];
        (Module module, Stage stage) =
            RecurrentLayers.Build(layer.EntryName, spec, name, fanIn, _experiment, _initNames);
        if (layer is not EchoStateSpec) return (module, stage);
        foreach (Parameter parameter in module.OwnParameters) parameter.IsFrozen = true;
        return (module, new UncoveredStage("a reservoir, whose weights aren't trained"));
    }

    private (Module, Stage) BuildLru(LruSpec spec, string name, string at)
    {
        RequireSequence(at, spec);
        int fanIn = Features(at, spec, spec.EntryName);
        CountWeights(2.0 * spec.StateCount * (fanIn + spec.Out) + (double)fanIn * spec.Out, at, spec);
        _shape = [_shape[0], spec.Out];
        return RecurrentLayers.Build(spec, name, fanIn, _experiment, _initNames);
    }

    private (Module, Stage) BuildLastStep(LayerSpec layer, string name, string at)
    {
        RequireSequence(at, layer);
        _shape = [_shape[1]];
        return (new LastStep(name), new ReshapeStage());
    }

    private void RequireSequence(string at, LayerSpec layer)
    {
        if (_shape.Length != 2)
            throw Invalid(
                at, layer, $"'{layer.EntryName}' reads sequences, but gets samples of shape {Words.Shape(_shape)}; "
                    + "expected data such as 'agreement', and no 'last-step' or 'flatten' before it");
    }

    private RandomKey Key(Parameter parameter) => new(_experiment.Seed, "init", parameter.Name);

    private (Module, Stage) BuildFlatten(string name)
    {
        _shape = [_shape.Aggregate(1, (size, n) => size * n)];
        return (new Flatten(name), new ReshapeStage());
    }

    private (Module, Stage) BuildActivation(ActivationSpec spec, string name, string at)
    {
        // Images are [channels, height, width], all else has its features last.
        bool isImage = _shape.Length == 3;
        int features = spec is SoftmaxSpec ? Features(at, spec, "softmax") : _shape[isImage ? 0 : ^1];
        if (spec is MaxoutSpec { Pieces: var pieces })
        {
            if (features % pieces != 0)
                throw Invalid(
                    at, spec, $"'maxout' takes the largest of {pieces} features each, but gets "
                        + $"{Words.Count(features, "feature")}; expected a multiple of {pieces}");
            _shape = isImage ? [features / pieces, .. _shape[1..]] : [.. _shape[..^1], features / pieces];
        }
        Module module = ActivationLayers.ModuleOf(spec, name, features, isImage ? 1 : -1);
        return (module, ActivationLayers.StageOf(spec));
    }

    private int Features(string at, LayerSpec layer, string what) => _shape.Length is 1 or 2
        ? _shape[^1]
        : throw Invalid(at, layer, $"{what} gets samples of shape {Words.Shape(_shape)}; put 'flatten' before it");

    private InvalidExperimentException Invalid(string at, LayerSpec layer, string problem) =>
        new(_file, layer.Source.Number, $"{at}: {problem}");
}
