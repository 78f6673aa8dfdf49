using System.Numerics;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A learned vector for each word (Bengio et al. 2003): of words by their numbers [n, …] come vectors [n, …, features].
/// The words get no gradient, and of the vectors only those of words that occur. The padding behind
/// <see cref="Pass.Lengths"/> holds no words, and zeros come of it.
/// </summary>
public sealed class Embedding : Module
{
    private const int None = -1;

    private readonly bool _isOneHot;

    /// <summary>Makes the layer around its vectors.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="weight">The vectors, [words, features].</param>
    /// <param name="isOneHot">
    /// True where words come as rows of zeros with a 1 at the word's number, [n, …, words], rather than as whole
    /// numbers.
    /// </param>
    public Embedding(string name, Parameter weight, bool isOneHot = false)
        : base(name, "embedding", ModuleKind.Weights)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Weight = weight;
        _isOneHot = isOneHot;
    }

    /// <summary>The vectors, [words, features].</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Weight];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">What comes in aren't words of the table.</exception>
    protected override Variable Forward(Variable x, Pass pass)
    {
        int words = Weight.Value.Shape[0];
        int[] lead = [.. x.Shape];
        if (_isOneHot && lead[^1] != words)
            throw new ArgumentException($"{Name} gets rows of {lead[^1]} for {words} words; expected as many");
        if (_isOneHot) lead = lead[..^1];
        Tensor dense = x.Value.IsContiguous ? x.Value : x.Value.Clone();
        Func<int, bool> isPadding = PaddingOf(lead, pass.Lengths);
        int[] indices = dense.ElementType == ElementType.Float32
            ? Indices<float>(dense.AsSpan<float>(), words, isPadding)
            : Indices<double>(dense.AsSpan<double>(), words, isPadding);
        Variable y = Ops.Embedding(x.Tape.Use(Weight), indices);
        return Ops.Reshape(y, new Shape([.. lead, Weight.Value.Shape[1]]));
    }

    /// <summary>Whether a word's place, counted through all samples, lies behind its sequence's end.</summary>
    private static Func<int, bool> PaddingOf(int[] lead, ReadOnlyMemory<int> lengths)
    {
        if (lengths.IsEmpty || lead.Length < 2) return _ => false;
        int steps = lead[1];
        return place => place % steps >= lengths.Span[place / steps];
    }

    private int[] Indices<T>(ReadOnlySpan<T> values, int words, Func<int, bool> isPadding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = _isOneHot ? words : 1;
        int[] indices = new int[values.Length / size];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = IndexOf(values.Slice(i * size, size), words);
            if (isPadding(i)) indices[i] = None;
            else if (indices[i] == None)
                throw new ArgumentException(_isOneHot
                    ? $"{Name} gets a row without a 1; expected a 1 at the number of one of {words} words"
                    : $"{Name} gets {values[i]} for a word; expected a whole number from 0 to {words - 1}");
        }
        return indices;
    }

    private int IndexOf<T>(ReadOnlySpan<T> word, int words)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (_isOneHot) return word.IndexOf(T.One);
        return T.IsInteger(word[0]) && word[0] >= T.Zero && word[0] < T.CreateTruncating(words)
            ? int.CreateTruncating(word[0])
            : None;
    }
}
