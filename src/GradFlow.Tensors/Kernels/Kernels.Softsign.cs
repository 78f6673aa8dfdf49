using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>x/(1 + |x|).</summary>
    public static void Softsign(Tensor x, Tensor into) =>
        Follow(default(SoftsignCurve<float>), default(SoftsignCurve<double>), x, into);

    /// <summary>g/(1 + |x|)².</summary>
    public static void SoftsignBackward(Tensor x, Tensor g, Tensor into) =>
        FollowBack(default(SoftsignCurve<float>), default(SoftsignCurve<double>), x, g, into);

    private readonly struct SoftsignCurve<T> : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasExponential => false;

        public Vector<T> Exponent(Vector<T> x) => x;

        public Vector<T> Value(Vector<T> x, Vector<T> exponential) => x / (Vector<T>.One + Vector.Abs(x));

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g)
        {
            Vector<T> below = Vector<T>.One + Vector.Abs(x);
            return g / (below * below);
        }
    }
}
