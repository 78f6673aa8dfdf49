using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>x between the bounds, else the nearer of them; NaN stays NaN.</summary>
    public static void HardTanh(Tensor x, double min, double max, Tensor into) =>
        Follow(new HardTanhCurve<float>((float)min, (float)max), new HardTanhCurve<double>(min, max), x, into);

    /// <summary>g where x lies between the bounds, else 0, also on them.</summary>
    public static void HardTanhBackward(Tensor x, double min, double max, Tensor g, Tensor into) =>
        FollowBack(new HardTanhCurve<float>((float)min, (float)max), new HardTanhCurve<double>(min, max), x, g, into);

    private readonly struct HardTanhCurve<T>(T min, T max) : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Vector<T> _min = new(min);
        private readonly Vector<T> _max = new(max);

        public static bool HasExponential => false;

        public Vector<T> Exponent(Vector<T> x) => x;

        public Vector<T> Value(Vector<T> x, Vector<T> exponential) => Vector.ConditionalSelect(
            Vector.LessThan(x, _min), _min, Vector.ConditionalSelect(Vector.GreaterThan(x, _max), _max, x));

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g) => Vector.ConditionalSelect(
            Vector.LessThanOrEqual(x, _min) | Vector.GreaterThanOrEqual(x, _max), Vector<T>.Zero, g);
    }
}
