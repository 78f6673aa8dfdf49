using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Recurrent layers as theory sees them.</summary>
internal static class RecurrentStages
{
    /// <summary>Theory's stage of a layer.</summary>
    /// <param name="type">The type as the experiment file names it.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="inputInit">How the weights of the input are drawn, PyTorch's default resolved.</param>
    /// <param name="inputs">Inputs per time step.</param>
    public static Stage Of(string type, RecurrentSpec spec, InitSpec inputInit, int inputs)
    {
        double? input = Initialization.MeanSquare(inputInit, inputs, spec.Out);
        double? state = Initialization.MeanSquare(spec.RecurrentInit, spec.Out, spec.Out);
        if (input is not { } w || state is not { } u) return new UncoveredStage($"{type} with constant weights");
        (double mean, double variance) = Biases(spec);
        var weights = new RecurrentEnsemble(inputs, w, spec.Out * u, variance, mean);
        if (spec is RnnSpec { LayerNorm: true } normalized)
            return normalized.Skip is null
                ? new NormalizedRecurrentStage(
                    new RecurrentEnsemble(inputs, w, spec.Out * u), NonlinearityOf(normalized.Activation))
                : new UncoveredStage($"a normalised {type} whose connections skip time steps");
        if (spec is SkippingRecurrentSpec { Skip: not null } skipping)
            return Skipping(type, skipping, weights);
        return spec switch
        {
            RnnSpec rnn => new PlainRecurrentStage(
                weights, NonlinearityOf(rnn.Activation), rnn.RecurrentInit is IdentityInitSpec),
            OrthogonalRnnSpec rnn => new PlainRecurrentStage(
                weights, NonlinearityOf(rnn.Activation), rnn.RecurrentInit is IdentityInitSpec),
            LeakyRnnSpec { Longest: null } leaky => new LeakyRecurrentStage(
                weights, NonlinearityOf(leaky.Activation), 1 / leaky.TimeConstant),
            LeakyRnnSpec => new UncoveredStage("leaky units of several time constants"),
            LstmSpec { Peepholes: true } => new UncoveredStage("an LSTM with peepholes"),
            LstmSpec { Chrono: { } longest } => new ChronoStage(weights, longest),
            GruSpec { Chrono: { } longest } => new ChronoStage(weights, longest),
            LstmSpec lstm => new LstmStage(weights, lstm.ForgetBias),
            GruSpec gru => new GruStage(weights, gru.UpdateBias),
            _ => new UncoveredStage(type),
        };
    }

    private static Stage Skipping(string type, SkippingRecurrentSpec spec, RecurrentEnsemble weights)
    {
        // The identity commutes with everything, so that ways back by way of it are the same matrix.
        bool isIndependent = spec is { RecurrentInit: not IdentityInitSpec, SkipInit: not IdentityInitSpec };
        return spec is RnnSpec rnn && isIndependent
            && Initialization.MeanSquare(spec.SkipInit, spec.Out, spec.Out) is { } v
            ? new SkippingRecurrentStage(weights, NonlinearityOf(rnn.Activation), spec.Out * v, spec.Skip!.Value)
            : new UncoveredStage($"{type} whose connections skip time steps");
    }

    private static Nonlinearity NonlinearityOf(RecurrentActivation activation) => activation switch
    {
        RecurrentActivation.Tanh => Nonlinearities.Tanh,
        RecurrentActivation.Relu => Nonlinearities.Relu,
        _ => Nonlinearities.Identity,
    };

    /// <summary>Mean and variance of a layer's two biases together.</summary>
    private static (double Mean, double Variance) Biases(RecurrentSpec spec) => spec.Bias switch
    {
        null => (0, 0),
        ConstantInitSpec x => (2 * x.Value, 0),
        { } bias => (0, 2 * Initialization.BiasMeanSquare(bias, spec.Out)),
    };
}
