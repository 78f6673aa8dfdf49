using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>scale·x where x &gt; 0, else scale·α·(eˣ − 1).</summary>
    public static void Elu(Tensor x, double alpha, double scale, Tensor into) =>
        Follow(new EluCurve<float>((float)alpha, (float)scale), new EluCurve<double>(alpha, scale), x, into);

    /// <summary>scale·g where x &gt; 0, else scale·α·eˣ·g.</summary>
    public static void EluBackward(Tensor x, double alpha, double scale, Tensor g, Tensor into) =>
        FollowBack(new EluCurve<float>((float)alpha, (float)scale), new EluCurve<double>(alpha, scale), x, g, into);

    private readonly struct EluCurve<T>(T alpha, T scale) : ICurve<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Vector<T> _scale = new(scale);
        private readonly Vector<T> _below = new(scale * alpha);

        public static bool HasExponential => true;

        public Vector<T> Exponent(Vector<T> x) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.Zero, x);

        public Vector<T> Value(Vector<T> x, Vector<T> exponential) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero), _scale * x, _below * ExpMinusOne(x, exponential));

        public Vector<T> Pull(Vector<T> x, Vector<T> exponential, Vector<T> g) => g * Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero), _scale, _below * exponential);
    }
}
