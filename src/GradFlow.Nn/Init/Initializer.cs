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
    /// [out, in], or a convolution's [out, in, k, …]; dense. Fan-in is in·∏k and fan-out out·∏k, as in PyTorch. What
    /// needs no fan (normal, uniform, constant, zeros and PyTorch's bias) fills any shape.
    /// </param>
    /// <param name="key">Keys the draws: the seed with the weight's stable name.</param>
    /// <exception cref="ArgumentException">
    /// The fans are needed and the weight has fewer than two dimensions.
    /// </exception>
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
        return MeanSquare(fanIn, fanOut, 1);
    }

    /// <summary>The mean square of a weight of a shape, such as a convolution's.</summary>
    /// <param name="weight">[out, in] or [out, in, k, …], not empty.</param>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public double Variance(Shape weight)
    {
        if (weight.Count < 2 || weight.Size == 0)
            throw new ArgumentException(
                $"got a weight of shape {weight}; expected [out, in] or [out, in, k, …]", nameof(weight));
        return MeanSquare(weight[1], weight[0], PlacesOf(weight));
    }

    /// <summary>
    /// The mean square of a weight of so many inputs and outputs, and places of its kernel (1 for a matrix).
    /// </summary>
    private protected abstract double MeanSquare(int inputs, int outputs, int places);

    /// <summary>A weight as [out, in, places of the kernel], which shares its storage.</summary>
    private protected Tensor WithPlaces(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return weight.Shape.Count >= 2
            ? weight.Reshape(new Shape(weight.Shape[0], weight.Shape[1], PlacesOf(weight.Shape)))
            : throw new ArgumentException(
                $"'{Name}' cannot fill shape {weight.Shape}; expected a weight [out, in] or [out, in, k, …]",
                nameof(weight));
    }

    /// <summary>The place at the middle of a kernel, counted through it.</summary>
    private protected static int CentreOf(Shape weight) =>
        weight.Skip(2).Aggregate(0, (place, extent) => place * extent + extent / 2);

    private static int PlacesOf(Shape weight) => weight.Skip(2).Aggregate(1, (product, extent) => product * extent);
}
