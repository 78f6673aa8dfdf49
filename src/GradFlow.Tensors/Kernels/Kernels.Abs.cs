using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

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
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V g)
            where V : struct, IPacked<V, T> => V.WhereAtMost(
                x, V.Fill(T.Zero), V.WhereAtMost(V.Fill(T.Zero), x, V.Fill(T.Zero), V.Fill(T.Zero) - g),
                V.WhereAtMost(V.Fill(T.Zero), x, g, V.Fill(T.Zero)));
    }
}
