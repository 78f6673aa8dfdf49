using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Group normalisation (Wu &amp; He 2018): features fall into groups, each of which is normalised for every sample by
/// itself, over all places of feature maps [n, features, h, w] and for each time step of sequences [n, T, features].
/// One group is layer normalisation of the whole map, as many groups as features instance normalisation.
/// </summary>
public sealed class GroupNorm : Module
{
    private readonly double _epsilon;
    private readonly bool _channelsFirst;

    /// <summary>Makes the layer with gain 1 and shift 0.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="groups">Into how many groups the features fall.</param>
    /// <param name="features">Features of its input, or channels; a multiple of the groups.</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="type">The element type.</param>
    /// <param name="channelsFirst">True where inputs of three dimensions are [n, features, l], not sequences.</param>
    /// <exception cref="ArgumentException">The features don't fall into such groups.</exception>
    public GroupNorm(
        string name, int groups, int features, double epsilon = 1e-5, ElementType type = ElementType.Float32,
        bool channelsFirst = false)
        : base(name, "group-norm", ModuleKind.Normalization)
    {
        if (groups < 1 || features % groups != 0)
            throw new ArgumentException(
                $"{features} features don't fall into {groups} groups; expected a divisor", nameof(groups));
        Groups = groups;
        _epsilon = epsilon;
        _channelsFirst = channelsFirst;
        Gain = new Parameter($"{name}.gain", Tensor.Full(new Shape(features), 1, type));
        Shift = new Parameter($"{name}.shift", Tensor.Zeros(new Shape(features), type));
    }

    /// <summary>Into how many groups the features fall.</summary>
    public int Groups { get; }

    /// <summary>γ, [features]; 1 at the start.</summary>
    public Parameter Gain { get; }

    /// <summary>β, [features]; 0 at the start.</summary>
    public Parameter Shift { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Gain, Shift];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Rows.MapUnlessChannelsFirst(
        x, _channelsFirst, y => Ops.GroupNorm(y, Groups, x.Tape.Use(Gain), x.Tape.Use(Shift), _epsilon));
}
