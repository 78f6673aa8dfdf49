using System.Numerics;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A learned vector for each word (Bengio et al. 2003): of words by their numbers [n, …] come vectors [n, …, features].
/// The words get no gradient, and of the vectors only those of words that occur.
/// </summary>
public sealed class Embedding : Module
{
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
        int[] indices = dense.ElementType == ElementType.Float32
            ? Indices<float>(dense.AsSpan<float>(), words)
            : Indices<double>(dense.AsSpan<double>(), words);
        Variable y = Ops.Embedding(x.Tape.Use(Weight), indices);
        return Ops.Reshape(y, new Shape([.. lead, Weight.Value.Shape[1]]));
    }

    private int[] Indices<T>(ReadOnlySpan<T> values, int words)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = _isOneHot ? words : 1;
        int[] indices = new int[values.Length / size];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = _isOneHot
                ? values.Slice(i * size, size).IndexOf(T.One)
                : T.IsInteger(values[i]) && values[i] >= T.Zero && values[i] < T.CreateTruncating(words)
                    ? int.CreateTruncating(values[i])
                    : -1;
            if (indices[i] < 0)
                throw new ArgumentException(_isOneHot
                    ? $"{Name} gets a row without a 1; expected a 1 at the number of one of {words} words"
                    : $"{Name} gets {values[i]} for a word; expected a whole number from 0 to {words - 1}");
        }
        return indices;
    }
}
