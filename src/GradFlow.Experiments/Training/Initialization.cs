using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>
/// Turns the initialisations of an experiment into draws, and into the variances that theory asks for.
/// </summary>
internal static class Initialization
{
    public static Initializer Of(InitSpec spec) => spec switch
    {
        XavierUniformInitSpec x => Initializers.XavierUniform(x.Gain),
        XavierNormalInitSpec x => Initializers.XavierNormal(x.Gain),
        HeUniformInitSpec x => Initializers.HeUniform(Math.Sqrt(2) * x.Gain),
        HeNormalInitSpec x => Initializers.HeNormal(Math.Sqrt(2) * x.Gain),
        LecunUniformInitSpec x => Initializers.LeCunUniform(x.Gain),
        LecunNormalInitSpec x => Initializers.LeCunNormal(x.Gain),
        OrthogonalInitSpec x => Initializers.Orthogonal(x.Gain),
        LsuvInitSpec => Initializers.Orthogonal(),
        DeltaOrthogonalInitSpec x => Initializers.DeltaOrthogonal(x.Gain),
        SpectralRadiusInitSpec x => Initializers.SpectralRadius(x.Radius, x.Density),
        // The data decide, once the net stands.
        RidgeInitSpec => Initializers.Zeros(),
        IdentityInitSpec x => Initializers.Identity(x.Gain),
        NormalInitSpec x => Initializers.Normal(x.Std),
        UniformInitSpec x => Initializers.Uniform(x.A),
        ConstantInitSpec x => Initializers.Constant(x.Value),
        ZerosInitSpec => Initializers.Zeros(),
        TorchInitSpec => Initializers.Torch(),
        _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no draws", nameof(spec)),
    };

    /// <summary>Fills a bias and returns the mean square of what it is drawn from.</summary>
    public static double FillBias(BiasInitSpec spec, Tensor bias, int fanIn, RandomKey key)
    {
        Initializer init = spec is TorchInitSpec ? Initializers.TorchBias(fanIn) : Of(spec);
        init.FillInPlace(bias, key);
        return BiasMeanSquare(spec, fanIn);
    }

    /// <summary>The mean square of what a bias is drawn from.</summary>
    public static double BiasMeanSquare(BiasInitSpec spec, int fanIn) => spec switch
    {
        TorchInitSpec => 1.0 / (3 * fanIn),
        NormalInitSpec x => x.Std * x.Std,
        UniformInitSpec x => x.A * x.A / 3,
        ConstantInitSpec x => x.Value * x.Value,
        ZerosInitSpec => 0,
        _ => throw new ArgumentException($"is a {spec.GetType().Name}, which biases can't have", nameof(spec)),
    };

    /// <summary>
    /// The mean square of a weight, as theory asks for it; null for weights that are all alike and no random matrix.
    /// </summary>
    public static double? MeanSquare(InitSpec spec, int fanIn, int fanOut) =>
        spec is ConstantInitSpec ? null : Of(spec).Variance(fanIn, fanOut);

    /// <summary>
    /// Theory's stage; weights that are all alike are no random matrix, so theory doesn't cover them.
    /// </summary>
    public static Stage StageOf(InitSpec spec, Initializer init, int fanIn, int fanOut, double biasVariance) =>
        spec switch
        {
            ConstantInitSpec => new UncoveredStage("a layer with constant weights"),
            RidgeInitSpec => new UncoveredStage("a layer fitted to the data"),
            LsuvInitSpec when biasVariance < 1 => new UnitVarianceStage(biasVariance),
            LsuvInitSpec => new UncoveredStage("a layer of unit variance with large biases"),
            _ => new DenseStage(fanIn, fanOut, init.Variance(fanIn, fanOut), biasVariance),
        };
}
