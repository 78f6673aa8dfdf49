using GradFlow.Nn;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Builds activations, and theory's view of them.</summary>
internal static class ActivationLayers
{
    /// <summary>The module of an activation.</summary>
    /// <param name="spec">The activation.</param>
    /// <param name="name">Its stable name.</param>
    /// <param name="features">Features of what it gets.</param>
    /// <param name="dimension">The dimension of a batch that holds them.</param>
    public static Module ModuleOf(ActivationSpec spec, string name, int features, int dimension) => spec switch
    {
        SigmoidSpec => new Sigmoid(name),
        TanhSpec => new Tanh(name),
        SoftsignSpec => new Softsign(name),
        HardTanhSpec x => new HardTanh(name, x.Min, x.Max),
        ReluSpec => new Relu(name),
        Relu6Spec => new Relu6(name),
        LeakyReluSpec x => new LeakyRelu(name, x.Slope),
        PreluSpec x => Prelu.Create(name, x.PerFeature ? features : 1, x.Slope, dimension),
        RreluSpec x => new Rrelu(name, x.Lower, x.Upper),
        EluSpec x => new Elu(name, x.Alpha),
        SeluSpec => new Selu(name),
        GeluSpec x => new Gelu(name, x.Form == GeluForm.Tanh),
        SiluSpec => new Silu(name),
        SoftplusSpec x => new Softplus(name, x.Beta),
        ExponentialSpec => new Exponential(name),
        MaxoutSpec x => new Maxout(name, x.Pieces, dimension),
        SoftmaxSpec => new Softmax(name),
        _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no module", nameof(spec)),
    };

    /// <summary>The stage of an activation; theory covers all but the softmax.</summary>
    public static Stage StageOf(ActivationSpec spec) => spec switch
    {
        MaxoutSpec maxout => new MaxoutStage(maxout.Pieces),
        _ => NonlinearityOf(spec) is { } phi ? new NonlinearityStage(phi) : new UncoveredStage(spec.EntryName),
    };

    private static Nonlinearity? NonlinearityOf(ActivationSpec spec) => spec switch
    {
        HardTanhSpec x => Nonlinearities.HardTanh(x.Min, x.Max),
        LeakyReluSpec x => Nonlinearities.LeakyRelu(x.Slope),
        PreluSpec x => Nonlinearities.Find("prelu", x.Slope),
        RreluSpec x => Nonlinearities.Find("rrelu", RmsSlope(x)),
        EluSpec x => Nonlinearities.Elu(x.Alpha),
        GeluSpec { Form: GeluForm.Tanh } => Nonlinearities.GeluTanh,
        SoftplusSpec x => Nonlinearities.Softplus(x.Beta),
        _ => Nonlinearities.Find(spec.EntryName),
    };

    /// <summary>The root of the mean squared slope: second moments are what the forecast carries.</summary>
    private static double RmsSlope(RreluSpec x) =>
        Math.Sqrt((x.Lower * x.Lower + x.Lower * x.Upper + x.Upper * x.Upper) / 3);
}
