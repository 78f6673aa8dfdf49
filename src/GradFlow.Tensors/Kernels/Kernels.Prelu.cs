using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// φ' of a rectifier whose slopes below 0 are given: 1 where x &gt; 0, else the slope; broadcasting.
    /// </summary>
    public static void RectifierSlope(Tensor x, Tensor slope, Tensor into) =>
        Binary<RectifierSlopeF<float>, RectifierSlopeF<double>>(x, slope, into);

    /// <summary>
    /// x·g where x is at most 0, else 0: what each element adds to the gradient of its slope below 0.
    /// </summary>
    public static void NegativeProduct(Tensor x, Tensor g, Tensor into) =>
        Binary<NegativeProductF<float>, NegativeProductF<double>>(x, g, into);

    private readonly struct RectifierSlopeF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V slope)
            where V : struct, IPacked<V, T> => V.WhereAtMost(
                x, V.Fill(T.Zero), slope, V.WhereAtMost(V.Fill(T.Zero), x, V.Fill(T.One), slope));
    }

    private readonly struct NegativeProductF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V g)
            where V : struct, IPacked<V, T> => V.WhereAtMost(
                x, V.Fill(T.Zero), x * g, V.WhereAtMost(V.Fill(T.Zero), x, V.Fill(T.Zero), x * g));
    }
}
