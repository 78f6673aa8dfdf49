using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A convolution (LeCun et al. 1998): each output channel looks at every place through the same kernel. Where a scale g
/// is given, the weight is normalised, W = g·v/‖v‖ per output channel (Salimans &amp; Kingma 2016, eq. 2).
/// </summary>
public abstract class Conv : Module, IWeightLayer
{
    private protected Conv(
        string name, string type, Parameter weight, Parameter? bias, Convolution how, Parameter? weightScale)
        : base(name, type, ModuleKind.Weights)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(how);
        Weight = weight;
        Bias = bias;
        How = how;
        WeightScale = weightScale;
    }

    /// <summary>W, [out, in/groups, kernel …]; v where it is normalised.</summary>
    public Parameter Weight { get; }

    /// <summary>b, [out]; null for none.</summary>
    public Parameter? Bias { get; }

    /// <summary>g, [out]; null where the weight isn't normalised.</summary>
    public Parameter? WeightScale { get; }

    /// <summary>How the kernel slides.</summary>
    public Convolution How { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters => this.Parameters();

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    private protected static int InputsPerGroup(int inputs, int outputs, Convolution how)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return inputs % how.Groups == 0 && outputs % how.Groups == 0
            ? inputs / how.Groups
            : throw new ArgumentException(
                $"{inputs} channels to {outputs} in {how.Groups} groups; expected multiples of the groups");
    }

    /// <summary>The convolution of images [n, c, h, w] or of sequences [n, c, length].</summary>
    private protected Variable Convolve(Variable x) =>
        Ops.Convolve(x, this.WeightOn(x.Tape), Bias is null ? null : x.Tape.Use(Bias), How);
}
