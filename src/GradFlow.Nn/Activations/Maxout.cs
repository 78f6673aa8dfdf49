using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The largest of k features (Goodfellow et al. 2013): of k·m features m remain, y_j the largest of x_j, x_(j+m), …,
/// x_(j+(k−1)m). Behind a linear layer that is the largest of k linear maps.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="pieces">k, at least 1; divides the number of features.</param>
/// <param name="dimension">The input's dimension that holds the features; from the end if negative.</param>
public sealed class Maxout(string name, int pieces = 2, int dimension = -1)
    : StatelessModule(name, "maxout", ModuleKind.Activation)
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Maxout(x, pieces, dimension);
}
