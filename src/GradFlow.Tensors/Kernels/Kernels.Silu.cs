using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>x·σ(x).</summary>
    public static void Silu(Tensor x, Tensor into) =>
        Follow(default(SiluCurve<float>), default(SiluCurve<double>), x, into);

    /// <summary>g·σ(x)·(1 + x·σ(−x)).</summary>
    public static void SiluBackward(Tensor x, Tensor g, Tensor into) =>
        FollowBack(default(SiluCurve<float>), default(SiluCurve<double>), x, g, into);

    private readonly struct SiluCurve<T> : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasExponential => true;

        public Vector<T> Exponent(Vector<T> x) => -Vector.Abs(x);

        public Vector<T> Value(Vector<T> x, Vector<T> exponential) => x * Logistic(x, exponential);

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g) =>
            g * (Logistic(x, exponential) * (Vector<T>.One + x * Logistic(-x, exponential)));
    }
}
