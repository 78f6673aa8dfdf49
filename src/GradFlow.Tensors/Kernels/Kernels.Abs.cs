using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>|x|.</summary>
    public static void Abs(Tensor x, Tensor into) => Map(x, into, TensorPrimitives.Abs, TensorPrimitives.Abs);

    /// <summary>g with the sign of x turned into it, and 0 where x is 0: the derivative of |x|, times g.</summary>
    public static void AbsBackward(Tensor x, Tensor g, Tensor into) => Binary<AbsB<float>, AbsB<double>>(x, g, into);

    private readonly struct AbsB<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Apply(T x, T g) => x > T.Zero ? g : x < T.Zero ? -g : T.Zero;

        public static Vector<T> Apply(Vector<T> x, Vector<T> g) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero), g,
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -g, Vector<T>.Zero));
    }
}
