namespace GradFlow.Nn;

/// <summary>The catalogue of initialisations. A gain multiplies the weights.</summary>
public static class Initializers
{
    /// <summary>Uniform of variance gain²·2/(fan-in + fan-out) (Glorot &amp; Bengio 2010, eq. 16).</summary>
    public static Initializer XavierUniform(double gain = 1) =>
        VarianceScaling.Xavier("xavier-uniform", isUniform: true, gain);

    /// <summary>Normal of variance gain²·2/(fan-in + fan-out) (Glorot &amp; Bengio 2010, eq. 12).</summary>
    public static Initializer XavierNormal(double gain = 1) =>
        VarianceScaling.Xavier("xavier-normal", isUniform: false, gain);

    /// <summary>Uniform of variance gain²/fan-in (He et al. 2015, eq. 10).</summary>
    /// <param name="gain">√2 by default, ReLU's gain.</param>
    public static Initializer HeUniform(double gain = SqrtOf2) =>
        VarianceScaling.FanIn("he-uniform", isUniform: true, gain);

    /// <summary>Normal of variance gain²/fan-in (He et al. 2015, eq. 10).</summary>
    /// <param name="gain">√2 by default, ReLU's gain.</param>
    public static Initializer HeNormal(double gain = SqrtOf2) =>
        VarianceScaling.FanIn("he-normal", isUniform: false, gain);

    /// <summary>Uniform of variance gain²/fan-in (LeCun et al. 1998, eq. 16).</summary>
    public static Initializer LeCunUniform(double gain = 1) =>
        VarianceScaling.FanIn("lecun-uniform", isUniform: true, gain);

    /// <summary>Normal of variance gain²/fan-in (LeCun et al. 1998, eq. 16).</summary>
    public static Initializer LeCunNormal(double gain = 1) =>
        VarianceScaling.FanIn("lecun-normal", isUniform: false, gain);

    /// <summary>
    /// Gain times a random matrix with orthonormal rows or columns, whichever are fewer, uniform among all such
    /// matrices (Saxe, McClelland &amp; Ganguli 2014). A convolution's weight is the matrix [out, in·∏k], as in
    /// PyTorch.
    /// </summary>
    public static Initializer Orthogonal(double gain = 1) => new OrthogonalInitializer(gain);

    /// <summary>
    /// Gain times a random orthogonal matrix [out, in] at the centre of a convolution's kernel and zeros elsewhere, so
    /// that a deep stack of them keeps every signal's norm (Xiao et al. 2018, algorithm 1). Of [out, in] the same as
    /// <see cref="Orthogonal"/>.
    /// </summary>
    public static Initializer DeltaOrthogonal(double gain = 1) => new DeltaOrthogonalInitializer(gain);

    /// <summary>
    /// The gain on the diagonal, of a convolution's kernel at its centre, and zeros elsewhere (Le, Jaitly &amp; Hinton
    /// 2015); with gain 1 PyTorch's <c>dirac_</c>.
    /// </summary>
    public static Initializer Identity(double gain = 1) => new IdentityInitializer(gain);

    /// <summary>
    /// A random square matrix of a given spectral radius, as echo state networks have (Jaeger 2001): Gaussian entries,
    /// as many in each row, at random places.
    /// </summary>
    /// <param name="radius">The largest magnitude among the eigenvalues, at least 0.</param>
    /// <param name="density">The share of entries that aren't 0, above 0 and at most 1.</param>
    public static Initializer SpectralRadius(double radius, double density = 1) =>
        new SpectralRadiusInitializer(radius, density);

    /// <summary>Normal of mean 0.</summary>
    /// <param name="std">The standard deviation, at least 0.</param>
    public static Initializer Normal(double std) => new NormalInitializer(std);

    /// <summary>Uniform on [−a, a).</summary>
    /// <param name="a">The bound, at least 0.</param>
    public static Initializer Uniform(double a) => new UniformInitializer("uniform", a);

    /// <summary>The same value everywhere: the units of a layer then stay alike.</summary>
    public static Initializer Constant(double value) => new ConstantInitializer("constant", value);

    /// <summary>Zero everywhere.</summary>
    public static Initializer Zeros() => new ConstantInitializer("zeros", 0);

    /// <summary>
    /// The default of PyTorch's <c>nn.Linear</c>: uniform on ±1/√fan-in, so of variance 1/(3·fan-in) and shrinking even
    /// in linear nets. For its bias see <see cref="TorchBias"/>.
    /// </summary>
    public static Initializer Torch() => VarianceScaling.FanIn("torch", isUniform: true, 1 / Math.Sqrt(3));

    /// <summary>The default bias of PyTorch's <c>nn.Linear</c>: uniform on ±1/√fan-in of the weight.</summary>
    /// <param name="fanIn">Inputs of the layer, at least 1.</param>
    public static Initializer TorchBias(int fanIn)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fanIn);
        return new UniformInitializer("torch", 1 / Math.Sqrt(fanIn));
    }

    private const double SqrtOf2 = 1.4142135623730951;
}
