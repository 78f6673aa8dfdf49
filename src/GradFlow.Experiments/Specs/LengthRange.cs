using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// How long sequences are: all alike, or each of a length drawn uniformly between two. The experiment file writes
/// <c>100</c>, or <c>[100, 110]</c>.
/// </summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest; not below the shortest.</param>
public readonly record struct LengthRange(int Min, int Max)
{
    /// <summary>True where all are of one length.</summary>
    public bool IsFixed => Min == Max;

    /// <summary>All of one length.</summary>
    public static implicit operator LengthRange(int length) => new(length, length);

    /// <summary>All of one length.</summary>
    public static LengthRange FromInt32(int length) => length;

    /// <summary>As the experiment file writes it.</summary>
    public override string ToString() => IsFixed ? $"{Min}" : $"[{Min}, {Max}]";

    /// <summary>One of the lengths.</summary>
    internal int Draw(RandomKey key) => IsFixed ? Min : Min + key.Integer(LengthDraw, Max - Min + 1);

    /// <summary>Far from the indices that a sequence's steps draw by.</summary>
    private const long LengthDraw = 1L << 40;
}
