using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>φ' of a rectifier whose slopes below 0 are given: 1 where x &gt; 0, else the slope; broadcasting.</summary>
    public static void RectifierSlope(Tensor x, Tensor slope, Tensor into) =>
        Binary<RectifierSlopeF<float>, RectifierSlopeF<double>>(x, slope, into);

    /// <summary>x·g where x is at most 0, else 0: what each element adds to the gradient of its slope below 0.</summary>
    public static void NegativeProduct(Tensor x, Tensor g, Tensor into) =>
        Binary<NegativeProductF<float>, NegativeProductF<double>>(x, g, into);

    private readonly struct RectifierSlopeF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Apply(T x, T slope) => x > T.Zero ? T.One : slope;

        public static Vector<T> Apply(Vector<T> x, Vector<T> slope) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, slope);
    }

    private readonly struct NegativeProductF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Apply(T x, T g) => x > T.Zero ? T.Zero : x * g;

        public static Vector<T> Apply(Vector<T> x, Vector<T> g) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.Zero, x * g);
    }
}
