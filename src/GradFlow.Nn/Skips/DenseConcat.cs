using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// y = [x, branch(x)], one layer of a dense block (Huang et al. 2017, eq. 2): what comes in is handed on beside what
/// the branch makes of it, features behind features or channels behind channels, and every later layer reads both.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="branch">
/// The modules of the branch; its output may differ from its input in features or channels alone.
/// </param>
/// <param name="channelsFirst">True where inputs of three dimensions are [n, features, l], not sequences.</param>
public sealed class DenseConcat(string name, IReadOnlyList<Module> branch, bool channelsFirst = false)
    : SkipBlock(name, "dense-concat", branch)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    internal override Variable Join(Variable x, Variable branch) =>
        Ops.Concatenate([x, branch], x.Shape.Count == 3 && !channelsFirst ? 2 : 1);
}
