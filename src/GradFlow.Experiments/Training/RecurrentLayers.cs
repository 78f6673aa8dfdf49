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

    /// <summary>Numbers in the output of a time step.</summary>
    public static int OutputsOf(RecurrentSpec spec) => spec.Bidirectional ? 2 * spec.Out : spec.Out;

    /// <summary>Whether a layer has a state that it hands from one time step to the next.</summary>
    public static bool IsRecurrent(LayerSpec layer) => layer is RecurrentSpec or IrnnSpec or EchoStateSpec or LruSpec;

    public static (Module, Stage) Build(
        string type, RecurrentSpec spec, string name, int inputs, Experiment experiment,
        Dictionary<string, string> initNames)
    {
        // PyTorch draws all of a recurrent layer from U(±1/√units), whatever the fan-in.
        InitSpec inputInit = spec.Init is TorchInitSpec
            ? new UniformInitSpec { A = 1 / Math.Sqrt(spec.Out) }
            : spec.Init;
        Recurrent One(string own) => LayerOf(
            type, spec, own, inputs, inputInit, experiment, new RecurrentDraws(
                own, spec.Out, experiment.Seed, initNames));
        return spec.Bidirectional
            ? (new Bidirectional(name, One($"{name}-ahead"), One($"{name}-back")),
                new UncoveredStage("a bidirectional layer"))
            : (One(name), RecurrentStages.Of(type, spec, inputInit, inputs));
    }

    /// <summary>A linear recurrent unit: B, C and D as in the paper's code, scaled to keep variances.</summary>
    public static (Module, Stage) Build(
        LruSpec spec, string name, int inputs, Experiment experiment, Dictionary<string, string> initNames)
    {
        int states = spec.StateCount;
        var draws = new RecurrentDraws(name, states, experiment.Seed, initNames);
        Parameter logs = draws.Named("recurrent-weight", "ring", 2, states);
        Parameter gain = draws.Named("gain", "ring", states);
        LruParameters.DrawRing(
            logs.Value, gain.Value, (spec.InnerRadius, spec.OuterRadius, spec.MaxPhase), draws.KeyOf(logs.Name));
        Parameter input = draws.Normal("weight", Math.Sqrt(0.5 / inputs), 2 * states, inputs);
        var parameters = new LruParameters(
            new RecurrentParameters(input, logs, PerUnit: gain),
            draws.Normal("output-weight", Math.Sqrt(1.0 / states), spec.Out, 2 * states),
            draws.Normal("direct-weight", Math.Sqrt(1.0 / inputs), spec.Out, inputs));
        var ring = new EigenvalueRing(spec.InnerRadius, spec.OuterRadius);
        return (new Lru(name, parameters, WindowOf(experiment.Training.Truncate)), new LinearRecurrentUnitStage(
            new RecurrentEnsemble(inputs, 0.5 / inputs, 0), ring));
    }

    /// <summary>
    /// Where a layer cuts the gradient. Pieces that updates read are no longer than that anyway; the run's structure is
    /// told, unless states are carried, where sequences have no length.
    /// </summary>
    private static int? WindowOf(TruncateSpec? truncate) => truncate is null or { Carry: true } ? null : truncate.Reach;

    private static Recurrent LayerOf(
        string type, RecurrentSpec spec, string name, int inputs, InitSpec inputInit, Experiment experiment,
        RecurrentDraws draws)
    {
        int gates = GatesOf(spec);
        int? window = WindowOf(experiment.Training.Truncate);
        Parameter input = draws.Weight("weight", inputInit, gates, inputs, spec.Init.ToYaml());
        Parameter state = draws.Weight("recurrent-weight", spec.RecurrentInit, gates, spec.Out);
        BiasInitSpec? bias = spec is RnnSpec { LayerNorm: true } ? null : spec.Bias;
        var parameters = new RecurrentParameters(
            input, state, draws.Bias("bias", bias, gates), draws.Bias("recurrent-bias", bias, gates),
            Skip: SkipOf(spec, gates, draws));
        switch (spec)
        {
            case LstmSpec lstm:
                SetGates(lstm, parameters, draws);
                return new Lstm(
                    name, lstm.Peepholes ? parameters with { PerUnit = Peepholes(draws, spec.Out) } : parameters,
                    window);
            case GruSpec gru:
                if (gru.UpdateBias is { } update) SetGate(parameters, spec.Out, 1, Same(update, spec.Out));
                if (gru.Chrono is { } longest) SetGate(parameters, spec.Out, 1, draws.ChronoBiases(longest));
                return new Gru(name, parameters, window);
            case LeakyRnnSpec leaky:
                return Leaky(leaky, name, parameters, window, draws);
            case OrthogonalRnnSpec orthogonal:
                Tensor start = state.Value.Clone();
                Kernels.FillInPlace(state.Value, 0);
                return new OrthogonalRnn(
                    name, WithBetas(parameters, orthogonal.Activation, draws, spec.Out), start,
                    ActivationOf(orthogonal.Activation, name), window);
            case RnnSpec { LayerNorm: true } rnn:
                return new Rnn(
                    name, parameters with { PerUnit = Norm(rnn, draws) }, ActivationOf(rnn.Activation, name), window,
                    type, isNormalized: true);
            case RnnSpec rnn:
                return new Rnn(
                    name, WithBetas(parameters, rnn.Activation, draws, spec.Out), ActivationOf(rnn.Activation, name),
                    window, type);
            default:
                throw new ArgumentException($"is a {spec.GetType().Name}, which has no module", nameof(spec));
        }
    }

    private static SkipParameters? SkipOf(RecurrentSpec spec, int gates, RecurrentDraws draws) =>
        spec is SkippingRecurrentSpec { Skip: { } steps } skipping
            ? new SkipParameters(draws.Weight("skip-weight", skipping.SkipInit, gates, spec.Out), steps)
            : null;

    private static void SetGates(LstmSpec lstm, RecurrentParameters parameters, RecurrentDraws draws)
    {
        if (lstm.ForgetBias is { } forget) SetGate(parameters, lstm.Out, 1, Same(forget, lstm.Out));
        if (lstm.Chrono is not { } longest) return;
        double[] biases = draws.ChronoBiases(longest);
        SetGate(parameters, lstm.Out, 1, biases);
        SetGate(parameters, lstm.Out, 0, Array.ConvertAll(biases, bias => -bias));
    }

    private static LeakyRnn Leaky(
        LeakyRnnSpec spec, string name, RecurrentParameters parameters, int? window, RecurrentDraws draws)
    {
        double[] times = spec.TimeConstants();
        Tensor Of(Func<double, double> number) => Tensor.From(
            [.. times.Select(time => (float)number(time))], times.Length);
        if (!spec.Trained)
            return new LeakyRnn(name, parameters, ActivationOf(spec.Activation, name), Of(time => 1 / time), window);
        Parameter leak = draws.Named("leak", "time-constant", times.Length);
        Kernels.Copy(Of(time => Math.Log(time - 1)), leak.Value);
        return new LeakyRnn(
            name, parameters with { PerUnit = leak }, ActivationOf(spec.Activation, name), null, window);
    }

    private static Parameter Peepholes(RecurrentDraws draws, int units)
    {
        var init = new UniformInitSpec { A = 1 / Math.Sqrt(units) };
        Parameter peepholes = draws.Named("peepholes", init.ToYaml(), 3 * units);
        Initialization.Of(init).FillInPlace(peepholes.Value, draws.KeyOf(peepholes.Name));
        return peepholes;
    }

    /// <summary>Gains of 1, and shifts in place of biases.</summary>
    private static Parameter Norm(RnnSpec spec, RecurrentDraws draws)
    {
        BiasInitSpec shift = spec.Bias is null or TorchInitSpec ? new ZerosInitSpec() : spec.Bias;
        Parameter norm = draws.Named("norm", shift.ToYaml(), 2 * spec.Out);
        Kernels.FillInPlace(norm.Value.Slice(0, 0, spec.Out), 1);
        Initialization.FillBias(shift, norm.Value.Slice(0, spec.Out, spec.Out), spec.Out, draws.KeyOf(norm.Name));
        return norm;
    }

    private static RecurrentParameters WithBetas(
        RecurrentParameters parameters, RecurrentActivation activation, RecurrentDraws draws, int units) =>
        activation == RecurrentActivation.ModRelu
            ? parameters with { PerUnit = draws.Named("beta", new ZerosInitSpec().ToYaml(), units) }
            : parameters;

    private static Activation? ActivationOf(RecurrentActivation activation, string name) => activation switch
    {
        RecurrentActivation.Tanh => new Tanh(name),
        RecurrentActivation.Relu => new Relu(name),
        _ => null,
    };

    private static double[] Same(double bias, int units) => [.. Enumerable.Repeat(bias, units)];

    /// <summary>The biases of one gate: all of it in the input's bias, none in the state's.</summary>
    private static void SetGate(RecurrentParameters parameters, int units, int gate, double[] biases)
    {
        if (parameters.Bias is null || parameters.RecurrentBias is null)
            throw new ArgumentException($"gate {gate} of '{parameters.Weight.Name}' can have no bias without any");
        Tensor own = parameters.Bias.Value.Slice(0, gate * units, units);
        for (int i = 0; i < units; i++) own[i] = biases[i];
        Kernels.FillInPlace(parameters.RecurrentBias.Value.Slice(0, gate * units, units), 0);
    }
}
