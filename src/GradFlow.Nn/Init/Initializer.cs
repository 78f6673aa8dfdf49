using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>How weights are drawn before training. Immutable; the same key draws the same weights.</summary>
public abstract class Initializer
{
    private protected Initializer(string name) => Name = name;

    /// <summary>The name as the experiment file writes it, such as <c>he-normal</c>.</summary>
    public string Name { get; }

    /// <summary>Draws the weights.</summary>
    /// <param name="weight">
    /// [out, in], so that fan-in is its second extent; dense. What needs no fan (normal, uniform, constant, zeros and
    /// PyTorch's bias) fills any shape.
    /// </param>
    /// <param name="key">Keys the draws: the seed with the weight's stable name.</param>
    /// <exception cref="ArgumentException">The fans are needed and the weight is not [out, in].</exception>
    public abstract void FillInPlace(Tensor weight, RandomKey key);

    /// <summary>
    /// The mean square of a weight, which is its variance wherever its mean is 0; mean-field theory's σw² is this times
    /// fan-in.
    /// </summary>
    /// <param name="fanIn">Inputs per output unit, at least 1.</param>
    /// <param name="fanOut">Outputs per input unit, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fan is below 1.</exception>
    public double Variance(int fanIn, int fanOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fanIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fanOut);
        return MeanSquare(fanIn, fanOut);
    }

    private protected abstract double MeanSquare(int fanIn, int fanOut);

    private protected (int FanIn, int FanOut) Fans(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Count != 2)
            throw new ArgumentException(
                $"'{Name}' cannot fill shape {weight.Shape}; expected a weight [out, in]", nameof(weight));
        return (weight.Shape[1], weight.Shape[0]);
    }
}
