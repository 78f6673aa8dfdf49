using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Builds recurrent layers with initial weights, and theory's view of them.</summary>
internal static class RecurrentLayers
{
    public static int GatesOf(RecurrentSpec spec) =>
        spec switch { LstmSpec => Lstm.Gates, GruSpec => Gru.Gates, _ => 1 };

    public static (Module, Stage) Build(
        string type, RecurrentSpec spec, string name, int inputs, Experiment experiment,
        Dictionary<string, string> initNames)
    {
        int gates = GatesOf(spec);
        Parameter Draw(string role, InitSpec init, int fanIn)
        {
            var weight = new Parameter($"{name}.{role}", Tensor.Zeros(new Shape(gates * spec.Out, fanIn)));
            var key = new RandomKey(experiment.Seed, "init", weight.Name);
            // A gate's weights are a matrix of their own: orthogonal or the identity each.
            for (int gate = 0; gate < gates; gate++)
                Initialization.Of(init).FillInPlace(
                    weight.Value.Slice(0, gate * spec.Out, spec.Out), gates == 1 ? key : key.At(gate));
            initNames[weight.Name] = init.ToYaml();
            return weight;
        }
        Parameter? Bias(string role, int fanIn)
        {
            if (spec.Bias is null) return null;
            var bias = new Parameter($"{name}.{role}", Tensor.Zeros(new Shape(gates * spec.Out)));
            Initialization.FillBias(spec.Bias, bias.Value, fanIn, new RandomKey(experiment.Seed, "init", bias.Name));
            initNames[bias.Name] = spec.Bias.ToYaml();
            return bias;
        }
        // PyTorch draws all of a recurrent layer from U(±1/√units), whatever the fan-in.
        InitSpec inputInit = spec.Init is TorchInitSpec
            ? new UniformInitSpec { A = 1 / Math.Sqrt(spec.Out) }
            : spec.Init;
        Parameter input = Draw("weight", inputInit, inputs);
        initNames[input.Name] = spec.Init.ToYaml();
        var parameters = new RecurrentParameters(
            input, Draw("recurrent-weight", spec.RecurrentInit, spec.Out),
            Bias("bias", spec.Out), Bias("recurrent-bias", spec.Out));
        if (spec is LstmSpec { ForgetBias: { } forget }) SetGate(parameters, spec.Out, Lstm.Gates, 1, forget, name);
        if (spec is GruSpec { UpdateBias: { } update }) SetGate(parameters, spec.Out, Gru.Gates, 1, update, name);
        Module layer = LayerOf(type, spec, name, parameters, experiment.Training.Truncate);
        return (layer, RecurrentStages.Of(type, spec, inputInit, inputs));
    }

    private static Module LayerOf(
        string type, RecurrentSpec spec, string name, RecurrentParameters parameters, int? window) => spec switch
        {
            LstmSpec => new Lstm(name, parameters, window),
            GruSpec => new Gru(name, parameters, window),
            RnnSpec rnn => new Rnn(name, parameters, ActivationOf(rnn.Activation, name), window, type),
            _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no module", nameof(spec)),
        };

    private static Activation? ActivationOf(RecurrentActivation activation, string name) => activation switch
    {
        RecurrentActivation.Tanh => new Tanh(name),
        RecurrentActivation.Relu => new Relu(name),
        _ => null,
    };

    /// <summary>The bias of one gate: all of it in the input's bias, none in the state's.</summary>
    private static void SetGate(
        RecurrentParameters parameters, int units, int gates, int gate, double bias, string name)
    {
        if (parameters.Bias is null || parameters.RecurrentBias is null)
            throw new ArgumentException($"'{name}' has no biases, so its gate {gate} of {gates} can have none");
        Kernels.FillInPlace(parameters.Bias.Value.Slice(0, gate * units, units), bias);
        Kernels.FillInPlace(parameters.RecurrentBias.Value.Slice(0, gate * units, units), 0);
    }
}
