using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

public sealed partial class ModelBuilder
{
    private (Module, Stage, IReadOnlyList<NamedStage>) BuildBlock(BlockSpec spec, string name, string at)
    {
        int[] before = _shape;
        var modules = new List<Module>();
        var stages = new List<NamedStage>();
        AddAll(spec.Layers, $"{at}.{spec.EntryName}.layers", modules, stages);
        if (spec is DenseConcatSpec) return Concatenated(spec, name, at, before, modules, stages);
        if (spec is ResidualSpec { Shortcut: not ShortcutKind.Identity } shortened && !_shape.SequenceEqual(before))
            return WithShortcut(shortened, name, at, before, modules, stages);
        RequireSameShape(spec, at, before);
        return spec is FixupSpec
            ? WithFixup(spec, name, at, modules, stages)
            : spec switch
            {
                SkipInitSpec => (new SkipInit(name, modules), new ResidualStage(StagesOf(stages), 0), stages),
                ReZeroSpec => (new ReZero(name, modules), new ResidualStage(StagesOf(stages), 0), stages),
                HighwaySpec x => WithGates(x, name, at, modules, stages),
                ResidualSpec x => (
                    new Residual(name, modules, x.Scale), new ResidualStage(StagesOf(stages), x.Scale), stages),
                _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no module", nameof(spec)),
            };
    }

    private (Module, Stage, IReadOnlyList<NamedStage>) Concatenated(
        BlockSpec spec, string name, string at, int[] before, List<Module> modules, List<NamedStage> stages)
    {
        int feature = before.Length == 3 ? 0 : before.Length - 1;
        bool fits = _shape.Length == before.Length
            && _shape.Index().All(d => d.Index == feature || d.Item == before[d.Index]);
        if (!fits)
            throw Invalid(
                at, spec, $"'{spec.EntryName}' puts a branch of shape {Words.Shape(_shape)} beside samples of shape "
                    + $"{Words.Shape(before)}; "
                    + $"expected shapes that differ in {(feature == 0 ? "channels" : "features")} alone");
        var stage = new ConcatenationStage(StagesOf(stages), before[feature], _shape[feature]);
        _shape = [.. before];
        _shape[feature] += stage.BranchUnits;
        return (new DenseConcat(name, modules), stage, stages);
    }

    private (Module, Stage, IReadOnlyList<NamedStage>) WithShortcut(
        ResidualSpec spec, string name, string at, int[] before, List<Module> modules, List<NamedStage> stages)
    {
        int stride = StrideBetween(before, _shape) ?? throw Invalid(
            at, spec,
            $"'residual' has a shortcut from samples of shape {Words.Shape(before)} to {Words.Shape(_shape)}; expected "
                + "as many time steps, or an image whose sides shrink by the same stride");
        int feature = before.Length == 3 ? 0 : before.Length - 1, inputs = before[feature], outputs = _shape[feature];
        if (spec.Shortcut == ShortcutKind.Projection)
        {
            (Shortcut projection, Stage? dense) = Projected(spec, name, at, inputs, outputs, stride);
            return dense is null
                ? (new Residual(name, modules, spec.Scale, projection), new UncoveredStage(
                    "a projection with constant weights"), [])
                : (new Residual(name, modules, spec.Scale, projection),
                    new ResidualStage(StagesOf(stages), spec.Scale, dense), stages);
        }
        if (outputs < inputs)
            throw Invalid(
                at, spec,
                $"'zero-padding' makes {outputs} of {inputs}, but can only add; expected 'shortcut: projection'");
        return (new Residual(name, modules, spec.Scale, new ZeroPaddingShortcut(outputs, stride)),
            new ResidualStage(StagesOf(stages), spec.Scale, new ZeroPaddingStage(inputs, outputs)), stages);
    }

    private (Shortcut Shortcut, Stage? Stage) Projected(
        ResidualSpec spec, string name, string at, int inputs, int outputs, int stride)
    {
        CountWeights((double)inputs * outputs, at, spec);
        var weight = new Parameter($"{name}.shortcut-weight", Tensor.Zeros(
            _shape.Length == 3 ? new Shape(outputs, inputs, 1, 1) : new Shape(outputs, inputs)));
        Initialization.Of(Drawn(spec.ShortcutInit, spec, at)).FillInPlace(weight.Value, Key(weight));
        _initNames[weight.Name] = spec.ShortcutInit.ToYaml();
        return (new ProjectionShortcut(weight, stride), Initialization.MeanSquare(
            spec.ShortcutInit, inputs, outputs) is { } square
            ? new DenseStage(inputs, outputs, square)
            : null);
    }

    /// <summary>The stride that leads from one shape to another, features apart; null if none does.</summary>
    private static int? StrideBetween(int[] before, int[] after)
    {
        if (before.Length != after.Length) return null;
        int[] from = Places(before), to = Places(after);
        if (from.SequenceEqual(to)) return 1;
        if (before.Length != 3) return null;
        int longest = from.Max();
        for (int stride = 2; stride <= longest; stride++)
            if (from.Select(new Window(1, stride).PositionsAlong).SequenceEqual(to)) return stride;
        return null;
    }

    /// <summary>A shape without its channels or features.</summary>
    private static int[] Places(int[] shape) => shape.Length == 3 ? shape[1..] : shape[..^1];

    private (Module, Stage, IReadOnlyList<NamedStage>) WithFixup(
        BlockSpec spec, string name, string at, List<Module> modules, List<NamedStage> stages)
    {
        if (spec.Layers.Any(layer => layer is WeightedSpec { WeightNorm: true }))
            throw Invalid(
                at, spec, "'fixup' scales the weights of its branch itself; take 'weight-norm' off its layers");
        var block = new Fixup(name, modules);
        int blocks = CountFixups(_experiment.Model), layers = modules.Count(m => m.Kind == ModuleKind.Weights),
            layer = 0;
        block.InitializeInPlace(blocks);
        Queue<NamedStage> drawn = new(stages);
        List<NamedStage> scaled = [];
        foreach (Module module in block.Children)
        {
            NamedStage stage = module is ScalarBias
                ? new NamedStage(module.Name, new ReshapeStage(), [])
                : drawn.Dequeue();
            double factor = module.Kind == ModuleKind.Weights ? Fixup.WeightFactor(blocks, layers, layer++) : 1;
            scaled.Add(
                stage.Stage is DenseStage dense && factor != 1 ? stage with { Stage = dense.Scaled(factor) } : stage);
        }
        return (block, new ResidualStage(StagesOf(scaled)), scaled);
    }

    private (Module, Stage, IReadOnlyList<NamedStage>) WithGates(
        HighwaySpec spec, string name, string at, List<Module> modules, List<NamedStage> stages)
    {
        int features = Features(at, spec, "highway");
        CountWeights((double)features * features, at, spec);
        Highway block = Highway.Create(
            name, modules, features, _experiment.Seed, spec.GateBias,
            Initialization.Of(Drawn(spec.GateInit, spec, at)));
        _initNames[block.GateWeight.Name] = spec.GateInit.ToYaml();
        Stage stage = Initialization.MeanSquare(spec.GateInit, features, features) is { } square
            ? new HighwayStage(StagesOf(stages), features * square, spec.GateBias)
            : new UncoveredStage("highway with constant gates");
        return (block, stage, stage is HighwayStage ? stages : []);
    }

    private void RequireSameShape(BlockSpec spec, string at, int[] before)
    {
        if (_shape.SequenceEqual(before)) return;
        string name = spec.EntryName;
        if (_shape.Length != before.Length && before.Length == 2)
            throw Invalid(
                at, spec, $"'{name}' adds a sequence to a branch without time steps; "
                    + "put 'last-step' or 'flatten' before or after the block");
        throw Invalid(
            at, spec, before.Length == 3
                ? $"'{name}' adds samples of shape {Words.Shape(before)} to a branch of shape {Words.Shape(_shape)}; "
                    + "expected the same shape"
                : $"'{name}' adds {Words.Count(before[^1], "input")} to a branch of "
                    + $"{Words.Count(_shape[^1], "output")}; expected as many of both");
    }

    private static int CountFixups(IReadOnlyList<LayerSpec> layers) => layers.Sum(layer => layer switch
    {
        RepeatSpec repeat => repeat.Times * CountFixups(repeat.Layers),
        BlockSpec block => (block is FixupSpec ? 1 : 0) + CountFixups(block.Layers),
        _ => 0,
    });

    private static List<Stage> StagesOf(List<NamedStage> stages) => [.. stages.Select(s => s.Stage)];
}
