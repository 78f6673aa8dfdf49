using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>‖vᵢ‖ of each row vᵢ of v [out, …], Frobenius over everything that the row holds.</summary>
    /// <param name="v">[out, …], dense.</param>
    /// <param name="into">[out].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void RowNorms(Tensor v, Tensor into)
    {
        RequireRows(v, into);
        if (IsFloat(v)) RowNorms<float>(v, into);
        else RowNorms<double>(v, into);
    }

    /// <summary>wᵢ = gᵢ·vᵢ/‖vᵢ‖ for each row of v [out, …]; not a number where a row is 0.</summary>
    /// <param name="v">[out, …], dense.</param>
    /// <param name="scales">g, [out].</param>
    /// <param name="norms">‖v‖ of each row, [out].</param>
    /// <param name="into">w, like v.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void ScaleRows(Tensor v, Tensor scales, Tensor norms, Tensor into)
    {
        RequireRows(v, scales);
        RequireRows(v, norms);
        RequireSameShape(v, into);
        if (IsFloat(v)) ScaleRows<float>(v, scales, norms, into);
        else ScaleRows<double>(v, scales, norms, into);
    }

    /// <summary>
    /// The cotangents of <see cref="ScaleRows"/> with the norms those of v (Salimans &amp; Kingma 2016, eq. 3):
    /// ∂gᵢ = ∂wᵢ·vᵢ/‖vᵢ‖ and ∂vᵢ = gᵢ/‖vᵢ‖·(∂wᵢ − ∂gᵢ·vᵢ/‖vᵢ‖).
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void ScaleRowsBackward(
        Tensor v, Tensor scales, Tensor norms, Tensor cotangent, Tensor into, Tensor scalesInto)
    {
        RequireRows(v, scales);
        RequireRows(v, norms);
        RequireRows(v, scalesInto);
        RequireSameShape(v, cotangent);
        RequireSameShape(v, into);
        if (IsFloat(v)) ScaleRowsBackward<float>(v, scales, norms, cotangent, into, scalesInto);
        else ScaleRowsBackward<double>(v, scales, norms, cotangent, into, scalesInto);
    }

    private static void RequireRows(Tensor v, Tensor perRow)
    {
        ArgumentNullException.ThrowIfNull(v);
        if (v.Shape.Count < 2)
            throw new ArgumentException($"got a tensor of shape {v.Shape}; expected a weight [out, …]");
        RequireShape(perRow, new Shape(v.Shape[0]));
        RequireSameType(v, perRow);
    }

    private static int RowLength(Tensor v) => v.Shape[0] == 0 ? 0 : v.Size / v.Shape[0];

    private static void RowNorms<T>(Tensor v, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = RowLength(v);
        for (int i = 0; i < v.Shape[0]; i++)
            into.AsSpan<T>()[i] = TensorPrimitives.Norm<T>(v.AsSpan<T>().Slice(i * length, length));
    }

    private static void ScaleRows<T>(Tensor v, Tensor scales, Tensor norms, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = RowLength(v);
        for (int i = 0; i < v.Shape[0]; i++)
        {
            T factor = scales.AsSpan<T>()[i] / norms.AsSpan<T>()[i];
            TensorPrimitives.Multiply(
                v.AsSpan<T>().Slice(i * length, length), factor, into.AsSpan<T>().Slice(i * length, length));
        }
    }

    private static void ScaleRowsBackward<T>(
        Tensor v, Tensor scales, Tensor norms, Tensor cotangent, Tensor into, Tensor scalesInto)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = RowLength(v);
        for (int i = 0; i < v.Shape[0]; i++)
        {
            ReadOnlySpan<T> row = v.AsSpan<T>().Slice(i * length, length),
                g = cotangent.AsSpan<T>().Slice(i * length, length);
            Span<T> to = into.AsSpan<T>().Slice(i * length, length);
            T norm = norms.AsSpan<T>()[i], along = TensorPrimitives.Dot(row, g) / norm;
            scalesInto.AsSpan<T>()[i] = along;
            TensorPrimitives.Multiply(row, along / norm, to);
            TensorPrimitives.Subtract(g, to, to);
            TensorPrimitives.Multiply(to, scales.AsSpan<T>()[i] / norm, to);
        }
    }
}
