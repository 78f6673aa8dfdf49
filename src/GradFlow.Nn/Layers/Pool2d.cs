using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Pools images [n, channels, height, width], each channel on its own, over windows that slide both ways.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="kind">The largest or the mean.</param>
/// <param name="window">The window along both height and width.</param>
public sealed class Pool2d(string name, PoolingKind kind, Window window) : StatelessModule(
    name, $"{kind.Prefix()}-pool2d")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => kind.Of(x, window, window);
}
