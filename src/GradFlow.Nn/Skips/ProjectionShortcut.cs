using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>W·x without a bias, of images at every so many places: He et al. 2016, eq. 2, their option B.</summary>
public sealed class ProjectionShortcut : Shortcut
{
    private readonly Parameter _weight;
    private readonly Convolution? _how;

    /// <summary>Makes the projection.</summary>
    /// <param name="weight">
    /// W, [out, in] of features [n, in] or of sequences [n, T, in], or [out, in, 1, 1] of images.
    /// </param>
    /// <param name="stride">
    /// Places of an image from one that is read to the next, along both sides; 1 reads all.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The weight has another shape, or only an image could have such a stride.
    /// </exception>
    public ProjectionShortcut(Parameter weight, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        bool isOfImages = weight.Value.Shape is [_, _, 1, 1];
        if (!isOfImages && weight.Value.Shape.Count != 2)
            throw new ArgumentException(
                $"{weight.Name} has shape {weight.Value.Shape}; expected [out, in] or, of images, [out, in, 1, 1]",
                nameof(weight));
        if (!isOfImages && stride > 1)
            throw new ArgumentException(
                $"a stride of {stride} without an image; expected a weight [out, in, 1, 1]", nameof(stride));
        _weight = weight;
        _how = isOfImages ? new Convolution(new Window(1, stride), new Window(1, stride)) : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight];

    /// <inheritdoc/>
    internal override Variable Of(Variable x)
    {
        Variable weight = x.Tape.Use(_weight);
        return _how is null
            ? Ops.Affine(x, weight, null)
            : Ops.Convolve(x, weight, null, _how);
    }
}
