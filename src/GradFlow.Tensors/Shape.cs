using System.Collections;

namespace GradFlow.Tensors;

/// <summary>The extents of a tensor, outermost first; immutable, compared by value. A scalar has none.</summary>
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? _extents;

    /// <summary>Makes a shape of the given extents.</summary>
    /// <param name="extents">Extents, each at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is negative.</exception>
    /// <exception cref="OverflowException">The number of elements is beyond 2³¹−1.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        int size = 1;
        foreach (int extent in extents)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent);
            size = checked(size * extent);
        }
        _extents = extents.ToArray();
    }

    /// <summary>The number of dimensions.</summary>
    public int Count => _extents?.Length ?? 0;

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Size
    {
        get
        {
            int size = 1;
            foreach (int extent in Extents) size *= extent;
            return size;
        }
    }

    /// <summary>The extents.</summary>
    public ReadOnlySpan<int> Extents => _extents;

    /// <summary>The extent of a dimension; an index from the end (<c>^1</c>) is allowed.</summary>
    public int this[int dimension] => Extents[dimension];

    /// <summary>The shape that two shapes broadcast to (aligned at the last dimension; extent 1 stretches).</summary>
    /// <exception cref="ArgumentException">They don't broadcast.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Count, b.Count);
        Span<int> extents = stackalloc int[rank];
        for (int i = 0; i < rank; i++)
        {
            int x = i < rank - a.Count ? 1 : a[i - (rank - a.Count)];
            int y = i < rank - b.Count ? 1 : b[i - (rank - b.Count)];
            if (x != y && x != 1 && y != 1)
                throw new ArgumentException(
                    $"shapes {a} and {b} do not broadcast: {x} against {y}; expected equal extents or 1");
            extents[i] = x == 1 ? y : x;
        }
        return new Shape(extents);
    }

    /// <summary>Strides of a dense row-major layout of this shape, in elements.</summary>
    internal int[] RowMajorStrides()
    {
        int[] strides = new int[Count];
        int stride = 1;
        for (int i = Count - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= this[i];
        }
        return strides;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Extents.SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int extent in Extents) hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>For instance <c>[64, 10]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_extents ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
