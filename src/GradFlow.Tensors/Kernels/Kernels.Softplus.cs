using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>ln(1 + e^(βx))/β.</summary>
    public static void Softplus(Tensor x, double beta, Tensor into) =>
        Follow(new SoftplusCurve<float>((float)beta), new SoftplusCurve<double>(beta), x, into);

    /// <summary>g·σ(βx).</summary>
    public static void SoftplusBackward(Tensor x, double beta, Tensor g, Tensor into) =>
        FollowBack(new SoftplusCurve<float>((float)beta), new SoftplusCurve<double>(beta), x, g, into);

    /// <remarks>As max(x, 0) + ln(1 + e^(−β|x|))/β, which neither overflows nor loses what is small.</remarks>
    private readonly struct SoftplusCurve<T>(T beta) : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Vector<T> _beta = new(beta);
        private readonly Vector<T> _inverse = new(T.One / beta);

        public static bool HasExponential => true;

        public Vector<T> Exponent(Vector<T> x) => -Vector.Abs(_beta * x);

        public Vector<T> Value(Vector<T> x, Vector<T> exponential)
        {
            Vector<T> above = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
            return MultiplyAdd(LogOnePlus(exponential), _inverse, above);
        }

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g) => g * Logistic(x, exponential);

        /// <summary>
        /// ln(1 + z) = 2·artanh s with s = z/(2 + z), for z from 0 to 1 and so s up to 1/3: the series s + s³/3 + …,
        /// cut off where its terms are below 10⁻¹⁷.
        /// </summary>
        private static Vector<T> LogOnePlus(Vector<T> z)
        {
            Vector<T> s = z / (z + Repeated<T>(2)), square = s * s, sum = Vector<T>.Zero;
            for (int power = 33; power >= 1; power -= 2) sum = MultiplyAdd(sum, square, Repeated<T>(1.0 / power));
            return (s + s) * sum;
        }
    }
}
