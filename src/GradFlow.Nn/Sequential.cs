using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Modules one after the other.</summary>
/// <param name="name">Its name; nothing is keyed by it.</param>
/// <param name="children">The modules, in the order in which data passes.</param>
public sealed class Sequential(string name, IReadOnlyList<Module> children) : Module(
    name, "sequence", ModuleKind.Sequence)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; } =
        children ?? throw new ArgumentNullException(nameof(children));

    /// <summary>
    /// Children per segment of activation checkpointing (Chen et al. 2016): results inside of a segment are let go and
    /// computed again on the way back, to the same bits, see <see cref="Tape.Checkpoint"/>. √n of n alike need least
    /// memory, that for some 2√n results. Null, the default, keeps all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? SegmentLength
    {
        get;
        init => field = value is { } length ? Bounds.RequireCount(length, nameof(SegmentLength)) : null;
    }

    /// <summary>
    /// Whether recurrent layers in it, at any depth, part their time steps likewise, see
    /// <see cref="Pass.CheckpointsTimeSteps"/>. False by default.
    /// </summary>
    public bool CheckpointsTimeSteps { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        if (CheckpointsTimeSteps) pass = pass with { CheckpointsTimeSteps = true };
        if (SegmentLength is not { } length) return Through(0, Children.Count, x, pass);
        for (int first = 0, end; first < Children.Count; first = end)
        {
            end = Math.Min(first + length, Children.Count);
            // All outputs would be kept between segments.
            if (CheckpointsTimeSteps && IsLastStepAlone(end - 1, pass)) end++;
            (int from, int to) = (first, end);
            x = x.Tape.Checkpoint(x, input => Through(from, to, input, pass));
        }
        return x;
    }

    private Variable Through(int from, int to, Variable x, Pass pass)
    {
        for (int i = from; i < to; i++)
            x = Children[i].Apply(x, pass with { AsksLastStepAlone = i + 1 < to && IsLastStepAlone(i, pass) });
        return x;
    }

    /// <summary>Whether a recurrent layer's last time step alone is read behind it.</summary>
    private bool IsLastStepAlone(int layer, Pass pass) =>
        layer + 1 < Children.Count && Children[layer] is Recurrent && Children[layer + 1] is LastStep
            && pass.Lengths.IsEmpty;
}
