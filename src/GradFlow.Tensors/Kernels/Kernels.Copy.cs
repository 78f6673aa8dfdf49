using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>Sets every element to one value.</summary>
    public static void FillInPlace(Tensor tensor, double value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (IsFloat(tensor)) tensor.AsSpan<float>().Fill((float)value);
        else tensor.AsSpan<double>().Fill(value);
    }

    /// <summary>
    /// Copies elements between tensors of one shape, of any strides and element types; rounds to nearest.
    /// </summary>
    public static void Copy(Tensor source, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(into);
        if (source.Shape != into.Shape)
            throw new ArgumentException($"cannot copy {source.Shape} into {into.Shape}; expected the same shape");
        switch (source.ElementType, into.ElementType)
        {
            case (ElementType.Float32, ElementType.Float32): Copy<float, float>(source, into); break;
            case (ElementType.Float32, ElementType.Float64): Copy<float, double>(source, into); break;
            case (ElementType.Float64, ElementType.Float32): Copy<double, float>(source, into); break;
            default: Copy<double, double>(source, into); break;
        }
    }

    private static void Copy<TFrom, TTo>(Tensor source, Tensor into)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (source.IsContiguous && into.IsContiguous)
        {
            if (source.Size >= Stretches.FewestShared) SharedCopy<TFrom, TTo>.Run(source, into);
            else TensorPrimitives.ConvertTruncating<TFrom, TTo>(source.AsSpan<TFrom>(), into.AsSpan<TTo>());
            return;
        }
        CopyStrided<TFrom, TTo>(source, into);
    }

    /// <summary>One object per thread, so that a steady state allocates nothing.</summary>
    private sealed class SharedCopy<TFrom, TTo> : IChunkedWork
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        [ThreadStatic]
        private static SharedCopy<TFrom, TTo>? _ofThread;

        private Tensor _source = null!;
        private Tensor _into = null!;

        public static void Run(Tensor source, Tensor into)
        {
            SharedCopy<TFrom, TTo> work = _ofThread ??= new SharedCopy<TFrom, TTo>();
            (work._source, work._into) = (source, into);
            Workers.Run(work, Stretches.Of(source.Size));
            (work._source, work._into) = (null!, null!);
        }

        public void Run(int chunk)
        {
            Range stretch = Stretches.At(chunk, _source.Size);
            TensorPrimitives.ConvertTruncating(_source.AsSpan<TFrom>()[stretch], _into.AsSpan<TTo>()[stretch]);
        }
    }

    private static void CopyStrided<TFrom, TTo>(Tensor source, Tensor into)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        TFrom[] from = source.Elements<TFrom>();
        TTo[] to = into.Elements<TTo>();
        int fromStride = InnerStride(source.StrideArray), toStride = InnerStride(into.StrideArray);
        ForEachRow(source.Shape, source.StrideArray, source.Offset, into.StrideArray, into.Offset, (a, b, n) =>
        {
            if (fromStride == 0 && toStride == 1) to.AsSpan(b, n).Fill(TTo.CreateTruncating(from[a]));
            else for (int i = 0; i < n; i++) to[b + i * toStride] = TTo.CreateTruncating(from[a + i * fromStride]);
        });
    }
}
