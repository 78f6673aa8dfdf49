using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Turns the initialisations of an experiment into draws, and into the variances that theory asks for.</summary>
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
        (Initializer init, double meanSquare) = spec switch
        {
            TorchInitSpec => (Initializers.TorchBias(fanIn), 1.0 / (3 * fanIn)),
            NormalInitSpec x => (Initializers.Normal(x.Std), x.Std * x.Std),
            UniformInitSpec x => (Initializers.Uniform(x.A), x.A * x.A / 3),
            ConstantInitSpec x => (Initializers.Constant(x.Value), x.Value * x.Value),
            ZerosInitSpec => (Initializers.Zeros(), 0),
            _ => throw new ArgumentException($"is a {spec.GetType().Name}, which biases can't have", nameof(spec)),
        };
        init.FillInPlace(bias, key);
        return meanSquare;
    }

    /// <summary>Theory's stage; weights that are all alike are no random matrix, so theory doesn't cover them.</summary>
    public static Stage StageOf(InitSpec spec, Initializer init, int fanIn, int fanOut, double biasVariance) => spec switch
    {
        ConstantInitSpec => new UncoveredStage("linear with constant weights"),
        OrthogonalInitSpec x => DenseStage.Orthogonal(fanIn, fanOut, x.Gain, biasVariance),
        _ => new DenseStage(fanIn, fanOut, init.Variance(fanIn, fanOut), biasVariance),
    };
}
