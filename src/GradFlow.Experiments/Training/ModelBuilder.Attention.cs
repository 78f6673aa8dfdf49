using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

public sealed partial class ModelBuilder
{
    private void AddTransformer(
        TransformerEncoderSpec spec, string at, List<Module> modules, List<NamedStage> stages)
    {
        RequireSequence(at, spec);
        RequireHeads(spec.Heads, at, spec);
        IReadOnlyList<LayerSpec> block = TransformerLayers.Of(
            spec, _shape[^1], _experiment.Model);
        for (int i = 0; i < spec.Times; i++) AddAll(block, $"{at}.{spec.EntryName}", modules, stages);
    }

    private (Module, Stage) BuildAttention(AttentionSpec spec, string name, string at)
    {
        RequireSequence(at, spec);
        RequireHeads(spec.Heads, at, spec);
        int features = _shape[^1];
        CountWeights(4.0 * features * features, at, spec);
        var settings = new AttentionSettings(
            spec.Heads, spec.Kind == AttentionForm.Linear ? AttentionKind.Linear : AttentionKind.Softmax,
            spec.Causal, spec.Window);
        MultiHeadAttention layer = MultiHeadAttention.Create(
            name, features, settings, _experiment.Seed, gain: spec.Gain);
        _initNames[layer.Parameters.Weight.Name] = spec.Gain is null ? "xavier-uniform" : "xavier-normal";
        _initNames[layer.Parameters.OutWeight.Name] = spec.Gain is { } gain
            ? new XavierNormalInitSpec { Gain = gain }.ToYaml()
            : "torch";
        // The packed queries, keys and values, and the heads' output.
        _units += 4L * _shape[0] * features;
        return (layer, new UncoveredStage("attention") { LooksAcrossTime = true });
    }

    private (Module, Stage) BuildPositions(PositionsSpec spec, string name, string at)
    {
        RequireSequence(at, spec);
        (int steps, int features) = (_shape[0], _shape[1]);
        if (spec.Kind == PositionsKind.Sinusoidal)
            return (new SinusoidalPositions(name), new UncoveredStage("positions"));
        CountWeights((double)steps * features, at, spec);
        LearnedPositions layer = LearnedPositions.Create(name, steps, features, _experiment.Seed);
        _initNames[layer.Weight.Name] = new NormalInitSpec { Std = 0.02 }.ToYaml();
        return (layer, new UncoveredStage("positions"));
    }

    private void RequireHeads(int heads, string at, LayerSpec layer)
    {
        if (_shape[^1] % heads != 0)
            throw Invalid(
                at, layer, $"'{layer.EntryName}' shares {Words.Count(_shape[^1], "feature")} out among {heads} heads; "
                    + "expected a number of heads that divides them");
    }

    private (Module, Stage) BuildAttentionDecoder(AttentionDecoderSpec spec, string name, string at)
    {
        RequireSequence(at, spec);
        RequireLast(spec, at);
        int inputs = Features(at, spec, spec.EntryName);
        double cell = Gru.Gates * (double)spec.Units * (spec.Embedding + inputs + spec.Units);
        double attention = (double)spec.Units * (2 * inputs + spec.Units);
        CountWeights(cell + attention + spec.Out * (double)(spec.Units + inputs + spec.Embedding), at, spec);
        _shape = [_shape[0], spec.Out];
        Module decoder = AttentionDecoder.Create(
            name, inputs, spec.Out, spec.Units, spec.Embedding, _experiment.Seed, spec.TeacherForcing);
        return (decoder, new UncoveredStage(spec.EntryName) { LooksAcrossTime = true });
    }

    private (Module, Stage) BuildTransformerDecoder(TransformerDecoderSpec spec, string name, string at)
    {
        RequireSequence(at, spec);
        RequireLast(spec, at);
        RequireHeads(spec.Heads, at, spec);
        int features = _shape[^1];
        double block = 2 * (4.0 * features * features) + 2.0 * features * spec.Hidden;
        CountWeights(spec.Times * block + 2.0 * features * spec.Out, at, spec);
        // Both attentions' packed queries, keys and values and their heads' output, and the two layers.
        _units += spec.Times * (long)_shape[0] * (8 * features + 2 * spec.Hidden);
        _shape = [_shape[0], spec.Out];
        Module decoder = TransformerDecoder.Create(
            name, spec.Out, TransformerLayers.BlockOf(spec, features), spec.Times, _experiment.Seed,
            spec.TeacherForcing);
        return (decoder, new UncoveredStage(spec.EntryName) { LooksAcrossTime = true });
    }

    private void RequireLast(LayerSpec decoder, string at)
    {
        if (decoder != _experiment.Model[^1])
            throw Invalid(
                at, decoder, $"'{decoder.EntryName}' writes the net's output; expected no layer behind it");
    }
}
