using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>[n, …] to [n, features].</summary>
/// <param name="name">The stable name.</param>
public sealed class Flatten(string name) : StatelessModule(name, "flatten")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        x.Shape.Count == 2 ? x : Ops.Reshape(x, new Shape(x.Shape[0], x.Value.Size / Math.Max(1, x.Shape[0])));
}
