using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// y = γ·(x − μ)/√(variance + ε) + β per row over the last dimension, biased variance (Ba, Kiros &amp; Hinton
    /// 2016).
    /// </summary>
    /// <param name="x">[…, f], dense.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="into">y.</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void LayerNorm(Tensor x, Tensor gain, Tensor shift, double epsilon, Tensor into)
    {
        RequireLayerNorm(x, gain, shift);
        RequireSameShape(x, into);
        Workers.Run(
            IsFloat(x)
                ? RowNormOf<float>(x, gain, shift, null, into, null, epsilon)
                : RowNormOf<double>(x, gain, shift, null, into, null, epsilon),
            RowNormChunks.Of(x, gain));
    }

    /// <summary>
    /// The way back of <see cref="LayerNorm"/>: ∂x = (ĝ − mean(ĝ) − x̂·mean(ĝ∘x̂))/σ with ĝ = γ∘g, and the sums over
    /// rows ∂γ = Σ g∘x̂ and ∂β = Σ g.
    /// </summary>
    /// <param name="x">[…, f], as it came in.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="g">∂L/∂y.</param>
    /// <param name="into">Takes ∂L/∂x.</param>
    /// <param name="gainInto">Takes ∂L/∂γ, [f].</param>
    /// <param name="shiftInto">Takes ∂L/∂β, [f].</param>
    /// <param name="pool">Lends what is needed meanwhile.</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void LayerNormBackward(
        Tensor x, Tensor gain, double epsilon, Tensor g, Tensor into, Tensor gainInto, Tensor shiftInto,
        TensorPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        RequireLayerNorm(x, gain, gain);
        RequireSameShape(x, g);
        RequireSameShape(x, into);
        RequireSameShape(gain, gainInto);
        RequireSameShape(gain, shiftInto);
        int chunks = RowNormChunks.Of(x, gain), features = gain.Size;
        Tensor sums = pool.Rent(new Shape(chunks, 2 * features), x.ElementType);
        Workers.Run(
            IsFloat(x)
                ? RowNormOf<float>(x, gain, null, g, into, sums, epsilon)
                : RowNormOf<double>(x, gain, null, g, into, sums, epsilon),
            chunks);
        SumTo(sums.Slice(1, 0, features), gainInto);
        SumTo(sums.Slice(1, features, features), shiftInto);
        pool.Return(sums);
    }

    private static IChunkedWork RowNormOf<T>(
        Tensor x, Tensor gain, Tensor? shift, Tensor? g, Tensor into, Tensor? sums, double epsilon)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector512.IsHardwareAccelerated
        ? new RowNormWork<T, WidePacked<T>>(x, gain, shift, g, into, sums, epsilon)
        : new RowNormWork<T, NativePacked<T>>(x, gain, shift, g, into, sums, epsilon);

    private static void RequireLayerNorm(Tensor x, Tensor gain, Tensor shift)
    {
        RequireSameType(x, gain);
        RequireSameShape(gain, shift);
        if (x.Shape.Count < 1 || gain.Shape.Count != 1 || x.Shape[^1] != gain.Size)
            throw new ArgumentException($"rows of {x.Shape} with a gain {gain.Shape}; expected […, f] and [f]");
    }
}
