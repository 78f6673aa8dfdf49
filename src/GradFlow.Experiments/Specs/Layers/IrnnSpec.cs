namespace GradFlow.Experiments;

/// <summary>
/// The IRNN (Le et al. 2015): a plain recurrent layer of rectifiers that begins by keeping its state, with the identity
/// as recurrent weights, zero biases and small input weights.
/// </summary>
[Entry("irnn")]
public sealed record IrnnSpec : LayerSpec
{
    /// <summary>The number of outputs per time step.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public required int Out { get; init; }

    /// <summary>How the weights of the input are drawn.</summary>
    [Written]
    public InitSpec Init { get; init; } = new NormalInitSpec { Std = 0.001 };

    /// <summary>The same as a plain recurrent layer.</summary>
    public RnnSpec ToRnn() => new()
    {
        Out = Out,
        Init = Init,
        RecurrentInit = new IdentityInitSpec(),
        Bias = new ZerosInitSpec(),
        Activation = RecurrentActivation.Relu,
        Source = Source,
    };
}
