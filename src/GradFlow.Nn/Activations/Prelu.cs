using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// x where x &gt; 0, else a·x with slopes a that are learned, one for all or one per feature (He et al. 2015).
/// </summary>
public sealed class Prelu : Activation
{
    private readonly int _dimension;

    /// <summary>Makes the activation around its slopes.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="slope">a, [1] or [features].</param>
    /// <param name="dimension">The input's dimension that holds the features; from the end if negative.</param>
    /// <exception cref="ArgumentException">The slopes are no vector.</exception>
    public Prelu(string name, Parameter slope, int dimension = -1)
        : base(name, "prelu", slope)
    {
        ArgumentNullException.ThrowIfNull(slope);
        if (slope.Value.Shape.Count != 1)
            throw new ArgumentException(
                $"slopes {slope.Value.Shape} of {name}; expected [1] or [features]", nameof(slope));
        Slope = slope;
        _dimension = dimension;
    }

    /// <summary>a, [1] or [features].</summary>
    public Parameter Slope { get; }

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => Math.Max(1, Kernels.MaxAbs(Slope.Value));

    /// <summary>Makes the activation with slopes that all begin alike.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="features">How many slopes; 1 for one that all features share, as is PyTorch's default.</param>
    /// <param name="start">What they begin with; 0.25 by default, as in PyTorch.</param>
    /// <param name="dimension">The input's dimension that holds the features; from the end if negative.</param>
    public static Prelu Create(string name, int features = 1, double start = 0.25, int dimension = -1) =>
        new(name, new Parameter($"{name}.slope", Tensor.Full(new Shape(features), start)), dimension);

    /// <summary>φ'(x) with the mean of the slopes.</summary>
    public override double SlopeAt(double x) => x > 0 ? 1 : Kernels.Sum(Slope.Value) / Slope.Value.Size;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        Variable slope = x.Tape.Use(Slope);
        int behind = _dimension < 0 ? -1 - _dimension : x.Shape.Count - 1 - _dimension;
        if (behind > 0 && slope.Shape[0] > 1)
            slope = Ops.Reshape(slope, new Shape([slope.Shape[0], .. Enumerable.Repeat(1, behind)]));
        return Ops.Prelu(x, slope);
    }
}
