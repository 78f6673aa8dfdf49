using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// In training, zeroes each element with probability p and scales the others by 1/(1−p); else the identity.
/// </summary>
/// <param name="name">The stable name, which the draws are keyed by.</param>
/// <param name="p">The probability of zeroing, in [0, 1).</param>
public sealed class Dropout(string name, double p) : StatelessModule(name, "dropout")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        pass.IsTraining && p > 0 ? Ops.Dropout(x, p, pass.Draws.For("dropout", Name)) : x;
}
