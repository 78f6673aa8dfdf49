using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The last time step of a sequence: [n, T, f] to [n, f]; of one with padding behind it (<see cref="Pass.Lengths"/>)
/// the last that holds data.
/// </summary>
/// <param name="name">The stable name.</param>
public sealed class LastStep(string name) : StatelessModule(name, "last-step")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        if (x.Shape.Count != 3)
            throw new ArgumentException($"'{Name}' got {x.Shape}; expected sequences [n, T, features]");
        return pass.Lengths.IsEmpty
            ? Ops.Select(x, 1, x.Shape[1] - 1)
            : Ops.SelectEach(x, Array.ConvertAll(pass.Lengths.ToArray(), length => length - 1));
    }
}
