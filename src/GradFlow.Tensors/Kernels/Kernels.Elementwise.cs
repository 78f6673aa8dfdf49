using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>
/// Loops over elements, in the widest vectors that are fast here. What is left of a row is padded to a vector, so that
/// an element's bits don't depend on where it lies.
/// </summary>
public static partial class Kernels
{
    private interface IUnary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        static abstract V Apply<V>(V x)
            where V : struct, IPacked<V, T>;
    }

    private interface IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        static abstract V Apply<V>(V a, V b)
            where V : struct, IPacked<V, T>;
    }

    private static void Unary<TFloat, TDouble>(Tensor x, Tensor into)
        where TFloat : IUnary<float>
        where TDouble : IUnary<double>
    {
        RequireSameShape(x, into);
        if (IsFloat(x)) Unary<float, TFloat>(x.AsSpan<float>(), into.AsSpan<float>());
        else Unary<double, TDouble>(x.AsSpan<double>(), into.AsSpan<double>());
    }

    private static void Unary<T, TOperation>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IUnary<T>
    {
        if (Vector512.IsHardwareAccelerated) Unary<T, TOperation, WidePacked<T>>(x, into);
        else Unary<T, TOperation, NativePacked<T>>(x, into);
    }

    private static void Unary<T, TOperation, V>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IUnary<T>
        where V : struct, IPacked<V, T>
    {
        ref T from = ref MemoryMarshal.GetReference(x[..into.Length]), to = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i <= into.Length - V.Count; i += V.Count)
            TOperation.Apply(V.Load(in Unsafe.Add(ref from, i))).Store(ref Unsafe.Add(ref to, i));
        if (i < into.Length)
            PackedRows<T, V>.StorePart(into[i..], TOperation.Apply(PackedRows<T, V>.LoadPart(x[i..into.Length])));
    }

    private static void Zip<T, TOperation>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
    {
        if (Vector512.IsHardwareAccelerated) Zip<T, TOperation, WidePacked<T>>(a, b, into);
        else Zip<T, TOperation, NativePacked<T>>(a, b, into);
    }

    private static void Zip<T, TOperation, V>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
        where V : struct, IPacked<V, T>
    {
        ref T x = ref MemoryMarshal.GetReference(a[..into.Length]),
            y = ref MemoryMarshal.GetReference(b[..into.Length]);
        ref T to = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i <= into.Length - V.Count; i += V.Count)
            TOperation.Apply(V.Load(in Unsafe.Add(ref x, i)), V.Load(in Unsafe.Add(ref y, i)))
                .Store(ref Unsafe.Add(ref to, i));
        if (i == into.Length) return;
        V left = PackedRows<T, V>.LoadPart(a[i..into.Length]), right = PackedRows<T, V>.LoadPart(b[i..into.Length]);
        PackedRows<T, V>.StorePart(into[i..], TOperation.Apply(left, right));
    }

    /// <summary>Elements that lie a stride apart; 0 repeats one.</summary>
    private static void Zip<T, TOperation>(Strided<T> a, Strided<T> b, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : IBinary<T>
    {
        if (a.Stride == 1 && b.Stride == 1)
        {
            Zip<T, TOperation>(a.Dense(into.Length), b.Dense(into.Length), into);
            return;
        }
        const int Batch = 64;
        Span<T> x = stackalloc T[Batch], y = stackalloc T[Batch];
        for (int i = 0; i < into.Length; i += Batch)
        {
            Span<T> to = into.Slice(i, Math.Min(Batch, into.Length - i));
            a.CopyTo(x[..to.Length], i);
            b.CopyTo(y[..to.Length], i);
            Zip<T, TOperation>(x, y, to);
        }
    }

    /// <summary>A row of elements of which each lies a stride behind the one before.</summary>
    private readonly record struct Strided<T>(T[] Numbers, int First, int Stride)
        where T : unmanaged
    {
        public ReadOnlySpan<T> Dense(int length) => Numbers.AsSpan(First, length);

        public void CopyTo(Span<T> into, int from)
        {
            if (Stride == 0) into.Fill(Numbers[First]);
            else if (Stride == 1) Numbers.AsSpan(First + from, into.Length).CopyTo(into);
            else for (int i = 0; i < into.Length; i++) into[i] = Numbers[First + (from + i) * Stride];
        }
    }
}
