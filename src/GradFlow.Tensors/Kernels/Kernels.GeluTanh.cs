using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>½x·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³).</summary>
    public static void GeluTanh(Tensor x, Tensor into) =>
        Follow(new GeluTanhCurve<float>(), new GeluTanhCurve<double>(), x, into);

    /// <summary>g·(½(1 + tanh u) + ½x·(1 − tanh²u)·u'), u' = √(2/π)·(1 + 3·0.044715·x²).</summary>
    public static void GeluTanhBackward(Tensor x, Tensor g, Tensor into) =>
        FollowBack(new GeluTanhCurve<float>(), new GeluTanhCurve<double>(), x, g, into);

    /// <remarks>½(1 + tanh u) is σ(2u), which keeps its digits where the former is 1 − 1.</remarks>
    private readonly struct GeluTanhCurve<T>() : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private const double Cubic = 0.044715;

        private readonly Vector<T> _twice = Repeated<T>(2 * Math.Sqrt(2 / Math.PI));
        private readonly Vector<T> _cubic = Repeated<T>(Cubic);
        private readonly Vector<T> _cubicSlope = Repeated<T>(3 * Cubic);

        public static bool HasExponential => true;

        public Vector<T> Exponent(Vector<T> x) => -Vector.Abs(TwiceU(x));

        public Vector<T> Value(Vector<T> x, Vector<T> exponential) => x * Logistic(x, exponential);

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g)
        {
            Vector<T> slope = x * (_twice * MultiplyAdd(_cubicSlope * x, x, Vector<T>.One));
            return g * (Logistic(x, exponential) * MultiplyAdd(slope, Logistic(-x, exponential), Vector<T>.One));
        }

        private Vector<T> TwiceU(Vector<T> x) => _twice * x * MultiplyAdd(_cubic * x, x, Vector<T>.One);
    }
}
