namespace GradFlow.Experiments;

/// <summary>
/// The reservoir of an echo state network (Jaeger 2001): a plain recurrent layer whose random weights stay as they are
/// drawn, so that only what reads it is trained.
/// </summary>
[Entry("echo-state")]
public sealed record EchoStateSpec : LayerSpec
{
    /// <summary>The number of outputs per time step.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 4000)]
    public required int Out { get; init; }

    /// <summary>
    /// The largest magnitude among the eigenvalues of the state's weights; below 1, what comes in is forgotten.
    /// </summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public double SpectralRadius { get; init; } = 0.9;

    /// <summary>The share of the state's weights that aren't 0.</summary>
    [Limits(Above = 0, AtMost = 1)]
    public double Density { get; init; } = 1;

    /// <summary>The input's weights are uniform on ± this.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public double InputScale { get; init; } = 1;

    /// <summary>The biases are uniform on ± this.</summary>
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public double BiasScale { get; init; }

    /// <summary>The non-linearity.</summary>
    public RecurrentActivation Activation { get; init; }

    /// <summary>The same as a plain recurrent layer, which would be trained.</summary>
    internal RnnSpec ToRnn() => new()
    {
        Out = Out,
        Init = new UniformInitSpec { A = InputScale },
        RecurrentInit = new SpectralRadiusInitSpec { Radius = SpectralRadius, Density = Density },
        Bias = BiasScale > 0 ? new UniformInitSpec { A = BiasScale } : null,
        Activation = Activation,
        Source = Source,
    };
}
