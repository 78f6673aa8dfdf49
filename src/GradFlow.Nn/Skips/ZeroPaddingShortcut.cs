using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// x with zeros for the channels or features that it lacks, of images at every so many places: He et al. 2016, option
/// A, which has no parameters.
/// </summary>
/// <param name="features">Channels of images, or features, that come out; at least as many as come in.</param>
/// <param name="stride">Places of an image from one that is kept to the next, along both sides; 1 keeps all.</param>
public sealed class ZeroPaddingShortcut(int features, int stride = 1) : Shortcut
{
    private readonly Window _window = stride >= 1
        ? new Window(1, stride)
        : throw new ArgumentOutOfRangeException(nameof(stride), $"a stride of {stride}; expected at least 1");

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    internal override Variable Of(Variable x)
    {
        bool isImage = x.Shape.Count == 4;
        int dimension = isImage ? 1 : x.Shape.Count - 1, missing = features - x.Shape[dimension];
        if (missing < 0)
            throw new ArgumentException(
                $"{x.Shape} has more than {features} features; expected at most as many to pad");
        // The mean of a single number is that number.
        if (isImage && stride > 1) x = Ops.AveragePool(x, _window, _window);
        if (missing == 0) return x;
        Tensor zeros = x.Tape.Rent(
            new Shape([.. x.Shape.Select((extent, d) => d == dimension ? missing : extent)]), x.Value.ElementType);
        Kernels.FillInPlace(zeros, 0);
        return Ops.Concatenate([x, x.Tape.Constant(zeros)], dimension);
    }
}
