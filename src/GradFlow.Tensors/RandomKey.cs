using System.Text;

namespace GradFlow.Tensors;

/// <summary>
/// A source of randomness without state: the i-th draw is a function of (seed, purpose, name, i) alone, so it depends
/// neither on thread count nor on the order in which a net is built, and a layer that is added leaves the draws of the
/// others as they were.
/// </summary>
/// <remarks>
/// Philox-4x32 with ten rounds (Salmon, Moraes, Dror &amp; Shaw 2011), keyed by the seed; purpose and name are hashed
/// (FNV-1a, 64 bit) into the upper half of the counter.
/// </remarks>
public readonly record struct RandomKey
{
    private readonly ulong _seed;
    private readonly ulong _stream;

    private RandomKey(ulong seed, ulong stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>The key of a seed and a purpose, such as (7, "init").</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="purpose">What the draws are for.</param>
    /// <param name="name">Whom they are for: a stable layer name; empty if there is but one.</param>
    public RandomKey(long seed, string purpose, string name = "")
        : this((ulong)seed, Hash(name, Hash(purpose, 14695981039346656037) ^ 0x1F))
    {
    }

    /// <summary>The key for a part of this key's purpose, such as one training step.</summary>
    public RandomKey At(long index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, index);
        return new RandomKey(_seed, HashBytes(bytes, _stream));
    }

    /// <summary>32 random bits.</summary>
    public uint Bits(long index)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(_seed, _stream, (ulong)index >> 2);
        return (index & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
    }

    /// <summary>Uniform on [0, 1), with 53 random bits.</summary>
    public double Uniform(long index)
    {
        (double even, double odd) = UniformPair((ulong)index >> 1);
        return (index & 1) == 0 ? even : odd;
    }

    /// <summary>Standard normal (Box &amp; Muller 1958).</summary>
    public double Normal(long index)
    {
        (double even, double odd) = NormalPair((ulong)index >> 1);
        return (index & 1) == 0 ? even : odd;
    }

    /// <summary>A whole number in [0, bound).</summary>
    public int Integer(long index, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(Uniform(index) * bound);
    }

    /// <summary>The numbers 0 … count−1 in random order (Fisher &amp; Yates).</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = Integer(i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>The draws <see cref="Uniform"/>(start), <see cref="Uniform"/>(start+1), …; the start is even.</summary>
    internal void FillUniform(long start, Span<double> into)
    {
        for (int i = 0; i < into.Length; i += 2)
        {
            (into[i], double odd) = UniformPair((ulong)(start + i) >> 1);
            if (i + 1 < into.Length) into[i + 1] = odd;
        }
    }

    /// <summary>The draws <see cref="Normal"/>(start), <see cref="Normal"/>(start+1), …; the start is even.</summary>
    internal void FillNormal(long start, Span<double> into)
    {
        for (int i = 0; i < into.Length; i += 2)
        {
            (into[i], double odd) = NormalPair((ulong)(start + i) >> 1);
            if (i + 1 < into.Length) into[i + 1] = odd;
        }
    }

    private (double Even, double Odd) UniformPair(ulong pair)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(_seed, _stream, pair);
        return (ToUnit(a, b), ToUnit(c, d));
    }

    private (double Even, double Odd) NormalPair(ulong pair)
    {
        (double first, double second) = UniformPair(pair);
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * second);
        double radius = Math.Sqrt(-2 * Math.Log(1 - first));
        return (radius * cosine, radius * sine);
    }

    private static double ToUnit(uint high, uint low) =>
        ((ulong)(high >> 5) * 67108864 + (low >> 6)) * (1.0 / 9007199254740992);

    private static ulong Hash(string text, ulong start) => HashBytes(Encoding.UTF8.GetBytes(text ?? ""), start);

    private static ulong HashBytes(ReadOnlySpan<byte> bytes, ulong hash)
    {
        foreach (byte b in bytes) hash = (hash ^ b) * 1099511628211;
        return hash;
    }
}
