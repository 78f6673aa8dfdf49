using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// Softmax over the features of x [n, f], or of each time step of sequences [n, T, f]: y_j = e^(x_j)/Σ e^(x_k)
/// (Bridle 1990).
/// </summary>
/// <param name="name">The stable name.</param>
public sealed class Softmax(string name) : StatelessModule(name, "softmax", ModuleKind.Activation)
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Rows.Map(x, Ops.Softmax);
}
