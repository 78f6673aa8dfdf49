using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>A convolution of images [n, channels, height, width] (LeCun et al. 1998).</summary>
/// <param name="name">The stable name.</param>
/// <param name="weight">W [out, in/groups, kernel rows, kernel columns].</param>
/// <param name="bias">b [out]; null for none.</param>
/// <param name="how">How the kernel slides.</param>
/// <param name="weightScale">
/// g [out], as <see cref="IWeightLayer.WeightScaleOf"/> makes it; null for a weight as it stands.
/// </param>
public sealed class Conv2d(
    string name, Parameter weight, Parameter? bias, Convolution how, Parameter? weightScale = null)
    : Conv(name, "conv2d", weight, bias, how, weightScale)
{
    /// <summary>
    /// Makes the layer with weights drawn as an experiment file's, from the seed and the names alone.
    /// </summary>
    /// <param name="name">The stable name, such as <c>conv2d-3</c>; the draws are keyed by it.</param>
    /// <param name="inputs">Channels that come in, a multiple of the groups.</param>
    /// <param name="outputs">Channels that go out, a multiple of the groups.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="init">How the weight is drawn; null for PyTorch's default.</param>
    /// <param name="bias">How the bias is drawn; null for PyTorch's default.</param>
    /// <param name="hasBias">False for a layer without a bias.</param>
    /// <exception cref="ArgumentException">Channels are no multiple of the groups.</exception>
    public static Conv2d Create(
        string name, int inputs, int outputs, Convolution how, long seed,
        Initializer? init = null, Initializer? bias = null, bool hasBias = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(how);
        int perGroup = InputsPerGroup(inputs, outputs, how);
        (Parameter weight, Parameter? drawn) = DrawnParameters.Of(
            name, new Shape(outputs, perGroup, how.Rows.Size, how.Columns.Size), seed, init, bias, hasBias);
        return new Conv2d(name, weight, drawn, how);
    }

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Convolve(x);
}
