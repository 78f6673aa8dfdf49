using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Pools sequences [n, T, features] along their time steps, each feature on its own.</summary>
/// <param name="name">The stable name.</param>
/// <param name="kind">The largest or the mean.</param>
/// <param name="window">The window along the time steps.</param>
public sealed class Pool1d(string name, PoolingKind kind, Window window) : StatelessModule(
    name, $"{kind.Prefix()}-pool1d")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Ops.Transpose(kind.Of(Ops.Transpose(x), Window.Single, window));
}
