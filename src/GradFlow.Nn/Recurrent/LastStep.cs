using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>The last time step of a sequence: [n, T, f] to [n, f].</summary>
/// <param name="name">The stable name.</param>
public sealed class LastStep(string name) : StatelessModule(name, "last-step")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => x.Shape.Count == 3
        ? Ops.Select(x, 1, x.Shape[1] - 1)
        : throw new ArgumentException($"'{Name}' got {x.Shape}; expected sequences [n, T, features]");
}
