using MathNet.Numerics;

namespace GradFlow.Theory;

/// <summary>The catalogue of activation functions, under the names that experiment files use.</summary>
public static class Nonlinearities
{
    // Klambauer et al. 2017, eq. 14: the pair for which N(0,1) is a fixed point of mean and variance.
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluLambda = 1.0507009873554804934193349852946;

    /// <summary>φ(x) = x.</summary>
    public static Nonlinearity Identity { get; } =
        new("identity", x => x, _ => 1, 1, isPositivelyHomogeneous: true);

    /// <summary>φ(x) = 1/(1 + e^−x); its slope is at most ¼ (Hochreiter 1991).</summary>
    public static Nonlinearity Sigmoid { get; } =
        new("sigmoid", Logistic, x => Logistic(x) * Logistic(-x), 0.25, isBounded: true);

    /// <summary>φ(x) = tanh x.</summary>
    public static Nonlinearity Tanh { get; } =
        new("tanh", Math.Tanh, x => 4 * Logistic(2 * x) * Logistic(-2 * x), 1, isBounded: true);

    /// <summary>φ(x) = max(0, x).</summary>
    public static Nonlinearity Relu { get; } = Rectifier("relu", 0);

    /// <summary>φ(x) = x·Φ(x) with the exact Gaussian distribution function (Hendrycks &amp; Gimpel 2016).</summary>
    public static Nonlinearity Gelu { get; } = new(
        "gelu", x => x * NormalCdf(x), GeluSlope, GeluSlope(Math.Sqrt(2)));

    /// <summary>
    /// φ(x) = ½x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), GELU's other form (Hendrycks &amp; Gimpel 2016).
    /// </summary>
    public static Nonlinearity GeluTanh { get; } = new(
        "gelu", x => x * Logistic(TwiceGeluArgument(x)), GeluTanhSlope, GeluTanhSlope(SteepestGeluTanh()));

    /// <summary>φ(x) = x·σ(x), also called swish (Elfwing et al. 2018).</summary>
    public static Nonlinearity Silu { get; } = new(
        "silu", x => x * Logistic(x), SiluSlope, SiluSlope(SteepestSilu()));

    /// <summary>
    /// φ(x) = λx for x &gt; 0, else λα(e^x − 1), α = 1.6732632, λ = 1.0507010 (Klambauer et al. 2017).
    /// </summary>
    public static Nonlinearity Selu { get; } = ExponentialLinear("selu", SeluAlpha, SeluLambda);

    /// <summary>φ(x) = x/(1 + |x|) (Bergstra et al. 2009).</summary>
    public static Nonlinearity Softsign { get; } = new(
        "softsign", x => x / (1 + Math.Abs(x)), x => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x))), 1, isBounded: true);

    /// <summary>φ(x) = min(max(0, x), 6) (Krizhevsky 2010).</summary>
    public static Nonlinearity Relu6 { get; } = new(
        "relu6", x => Math.Clamp(x, 0, 6), x => x is > 0 and < 6 ? 1 : 0, 1, kinks: 6);

    /// <summary>φ(x) = e^x.</summary>
    public static Nonlinearity Exponential { get; } =
        new("exponential", Math.Exp, Math.Exp, double.PositiveInfinity, exponentialRate: 1);

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "identity", "linear", "sigmoid", "tanh", "softsign", "hard-tanh", "relu", "relu6", "leaky-relu", "prelu",
        "rrelu",
        "gelu", "silu", "elu", "selu", "softplus", "exponential",
    ];

    /// <summary>φ(x) = x for x &gt; 0, else α(e^x − 1) (Clevert et al. 2016).</summary>
    /// <param name="alpha">α.</param>
    public static Nonlinearity Elu(double alpha = 1) => ExponentialLinear("elu", alpha, 1);

    /// <summary>φ(x) = ln(1 + e^{βx})/β.</summary>
    /// <param name="beta">β, above 0.</param>
    public static Nonlinearity Softplus(double beta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        return new(
            "softplus", x => Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(beta * x))) / beta,
            x => Logistic(beta * x), 1);
    }

    /// <summary>φ(x) = x between two bounds around 0, else the nearer of them (Collobert 2004).</summary>
    /// <param name="min">The smallest value, at most 0.</param>
    /// <param name="max">The largest value, at least 0 and above the smallest.</param>
    public static Nonlinearity HardTanh(double min = -1, double max = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(max, min);
        return new Nonlinearity(
            "hard-tanh", x => Math.Clamp(x, min, max), x => x > min && x < max ? 1 : 0, 1,
            isBounded: min < 0 && max > 0, kinks: [min, max]);
    }

    /// <summary>φ(x) = x for x &gt; 0, else slope·x (Maas et al. 2013).</summary>
    /// <param name="slope">The slope on the negative side.</param>
    public static Nonlinearity LeakyRelu(double slope = 0.01) => Rectifier("leaky-relu", slope);

    /// <summary>The activation of an experiment file's name, or null where theory knows none of that name.</summary>
    /// <param name="name">Such as <c>sigmoid</c> or <c>leaky-relu</c>.</param>
    /// <param name="slope">
    /// Negative slope of <c>leaky-relu</c> (0.01 unless given), <c>prelu</c> (0.25, where it starts: He et al. 2015)
    /// and <c>rrelu</c> (its mean slope, 11/48: Xu et al. 2015); the others ignore it.
    /// </param>
    public static Nonlinearity? Find(string name, double? slope = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "identity" or "linear" => Identity,
            "sigmoid" => Sigmoid,
            "tanh" => Tanh,
            "relu" => Relu,
            "leaky-relu" => LeakyRelu(slope ?? 0.01),
            "softsign" => Softsign,
            "hard-tanh" => HardTanh(),
            "relu6" => Relu6,
            "prelu" => Rectifier("prelu", slope ?? 0.25),
            "rrelu" => Rectifier("rrelu", slope ?? 11.0 / 48),
            "gelu" => Gelu,
            "silu" => Silu,
            "elu" => Elu(),
            "selu" => Selu,
            "softplus" => Softplus(),
            "exponential" => Exponential,
            _ => null,
        };
    }

    private static Nonlinearity Rectifier(string name, double slope)
    {
        if (!double.IsFinite(slope))
        {
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "A negative side's slope is a finite number.");
        }

        return new Nonlinearity(
            name, x => x > 0 ? x : slope * x, x => x > 0 ? 1 : slope, Math.Max(1, Math.Abs(slope)),
            isPositivelyHomogeneous: true);
    }

    private static Nonlinearity ExponentialLinear(string name, double alpha, double lambda) => new(
        name,
        x => x > 0 ? lambda * x : lambda * alpha * ExpMinusOne(x),
        x => x > 0 ? lambda : lambda * alpha * Math.Exp(x),
        lambda * Math.Max(1, Math.Abs(alpha)));

    private static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    // e^x − 1 without the cancellation near 0: e^x − 1 = 2·sinh(x/2)·e^(x/2).
    private static double ExpMinusOne(double x) => 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);

    private static double NormalCdf(double x) => SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2;

    private static double GeluSlope(double x) =>
        NormalCdf(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double TwiceGeluArgument(double x) => 2 * Math.Sqrt(2 / Math.PI) * x * (1 + 0.044715 * x * x);

    private static double GeluTanhSlope(double x)
    {
        var (u, slope) = (TwiceGeluArgument(x), 2 * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x));
        return Logistic(u) * (1 + x * slope * Logistic(-u));
    }

    // The slope is largest where it stops rising.
    private static double SteepestGeluTanh() =>
        Bisection.Root(x => GeluTanhSlope(x + 1e-5) - GeluTanhSlope(x - 1e-5), 1, 2);

    private static double SiluSlope(double x) => Logistic(x) * (1 + x * Logistic(-x));

    // The slope is largest where its derivative vanishes, which is where x·tanh(x/2) = 2.
    private static double SteepestSilu() => Bisection.Root(x => x * Math.Tanh(x / 2) - 2, 1, 4);
}
