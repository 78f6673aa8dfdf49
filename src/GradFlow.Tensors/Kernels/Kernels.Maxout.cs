using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>The largest of k pieces, element by element; NaN where one of them is.</summary>
    /// <param name="x">k pieces behind each other in each of the outer rows: [outer, k, size], dense.</param>
    /// <param name="into">[outer, size].</param>
    public static void Maxout(Tensor x, Tensor into)
    {
        RequirePieces(x, into);
        if (IsFloat(x)) Maxout<float>(x, into);
        else Maxout<double>(x, into);
    }

    /// <summary>g where a piece is the first of the largest, else 0.</summary>
    /// <param name="x">[outer, k, size].</param>
    /// <param name="y">The largest, [outer, size].</param>
    /// <param name="g">[outer, size].</param>
    /// <param name="into">[outer, k, size].</param>
    public static void MaxoutBackward(Tensor x, Tensor y, Tensor g, Tensor into)
    {
        RequirePieces(x, y);
        RequireSameShape(y, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) MaxoutBackward<float>(x, y, g, into);
        else MaxoutBackward<double>(x, y, g, into);
    }

    private static void RequirePieces(Tensor x, Tensor largest)
    {
        RequireSameType(x, largest);
        if (x.Shape.Count != 3 || x.Shape[1] == 0 || largest.Shape != new Shape(x.Shape[0], x.Shape[2]))
            throw new ArgumentException(
                $"pieces {x.Shape} and their largest {largest.Shape}; expected [outer, k, size] and [outer, size]");
    }

    private static void Maxout<T>(Tensor x, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int pieces = x.Shape[1], size = x.Shape[2];
        ReadOnlySpan<T> from = x.AsSpan<T>();
        Span<T> to = into.AsSpan<T>();
        for (; from.Length > 0; from = from[(pieces * size)..], to = to[size..])
        {
            from[..size].CopyTo(to);
            for (int piece = 1; piece < pieces; piece++)
                Zip<T, MaximumF<T>>(from.Slice(piece * size, size), to[..size], to[..size]);
        }
    }

    private static void MaxoutBackward<T>(Tensor x, Tensor y, Tensor g, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int pieces = x.Shape[1], size = x.Shape[2];
        ReadOnlySpan<T> from = x.AsSpan<T>(), largest = y.AsSpan<T>(), cotangent = g.AsSpan<T>();
        Span<T> to = into.AsSpan<T>();
        to.Clear();
        for (int row = 0; row < x.Shape[0]; row++)
        {
            for (int i = 0; i < size; i++)
            {
                int piece = 0, at = row * size + i, first = row * pieces * size + i;
                while (piece < pieces - 1 && from[first + piece * size] != largest[at]) piece++;
                to[first + piece * size] = cotangent[at];
            }
        }
    }

    private readonly struct MaximumF<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : struct,
            IPacked<V, T> => V.WhereAtMost(a, b, b, V.WhereAtMost(a, a, V.WhereAtMost(b, a, a, b), a));
    }
}
