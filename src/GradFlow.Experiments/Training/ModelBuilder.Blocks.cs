using GradFlow.Nn;
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
        bool fits = _shape.Length == before.Length && _shape.Index().All(d => d.Index == feature || d.Item == before[d.Index]);
        if (!fits)
            throw Invalid(
                at, spec, $"'{spec.EntryName}' puts a branch of shape {Words.Shape(_shape)} beside samples of shape "
                    + $"{Words.Shape(before)}; expected shapes that differ in {(feature == 0 ? "channels" : "features")} alone");
        var stage = new ConcatenationStage(StagesOf(stages), before[feature], _shape[feature]);
        _shape = [.. before];
        _shape[feature] += stage.BranchUnits;
        return (new DenseConcat(name, modules), stage, stages);
    }

    private (Module, Stage, IReadOnlyList<NamedStage>) WithFixup(
        BlockSpec spec, string name, string at, List<Module> modules, List<NamedStage> stages)
    {
        if (spec.Layers.Any(layer => layer is WeightedSpec { WeightNorm: true }))
            throw Invalid(
                at, spec, "'fixup' scales the weights of its branch itself; take 'weight-norm' off its layers");
        var block = new Fixup(name, modules);
        int blocks = CountFixups(_experiment.Model), layers = modules.Count(m => m.Kind == ModuleKind.Weights), layer = 0;
        block.InitializeInPlace(blocks);
        Queue<NamedStage> drawn = new(stages);
        List<NamedStage> scaled = [];
        foreach (Module module in block.Children)
        {
            NamedStage stage = module is ScalarBias ? new NamedStage(module.Name, new ReshapeStage(), []) : drawn.Dequeue();
            double factor = module.Kind == ModuleKind.Weights ? Fixup.WeightFactor(blocks, layers, layer++) : 1;
            scaled.Add(stage.Stage is DenseStage dense && factor != 1 ? stage with { Stage = dense.Scaled(factor) } : stage);
        }
        return (block, new ResidualStage(StagesOf(scaled)), scaled);
    }

    private (Module, Stage, IReadOnlyList<NamedStage>) WithGates(
        HighwaySpec spec, string name, string at, List<Module> modules, List<NamedStage> stages)
    {
        int features = Features(at, spec, "highway");
        CountWeights((double)features * features, at, spec);
        Highway block = Highway.Create(
            name, modules, features, _experiment.Seed, spec.GateBias, Initialization.Of(Drawn(spec.GateInit, spec, at)));
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
                ? $"'{name}' adds samples of shape {Words.Shape(before)} to a branch of shape {Words.Shape(_shape)}; expected the same shape"
                : $"'{name}' adds {Words.Count(before[^1], "input")} to a branch of {Words.Count(_shape[^1], "output")}; "
                    + "expected as many of both");
    }

    private static int CountFixups(IReadOnlyList<LayerSpec> layers) => layers.Sum(layer => layer switch
    {
        RepeatSpec repeat => repeat.Times * CountFixups(repeat.Layers),
        BlockSpec block => (block is FixupSpec ? 1 : 0) + CountFixups(block.Layers),
        _ => 0,
    });

    private static List<Stage> StagesOf(List<NamedStage> stages) => [.. stages.Select(s => s.Stage)];
}
