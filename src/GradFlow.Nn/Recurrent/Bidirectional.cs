using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Two recurrent layers beside each other, one of which reads each sample from its last time step to its first
/// (Schuster &amp; Paliwal 1997), as PyTorch's <c>bidirectional=True</c>: [n, T, in] to [n, T, units + units], what has
/// been read before first. Where <see cref="Pass.Lengths"/> are given, the second begins at each sample's own last
/// step.
/// </summary>
/// <remarks>
/// The second layer begins with zeros also where the first carries a state: it has not read what follows.
/// </remarks>
public sealed class Bidirectional : Module
{
    /// <summary>Takes both layers.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="forward">Reads from the first time step on.</param>
    /// <param name="backward">Reads from the last one back.</param>
    public Bidirectional(string name, Recurrent forward, Recurrent backward)
        : base(name, forward?.Type ?? throw new ArgumentNullException(nameof(forward)), ModuleKind.Recurrence)
    {
        ArgumentNullException.ThrowIfNull(backward);
        (Ahead, Back) = (forward, backward);
        Children = [forward, backward];
    }

    /// <summary>Reads from the first time step on.</summary>
    public Recurrent Ahead { get; }

    /// <summary>Reads from the last time step back.</summary>
    public Recurrent Back { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        if (x.Shape.Count != 3) throw new ArgumentException($"'{Name}' got {x.Shape}; expected sequences [n, T, f]");
        Variable ahead = Ahead.Apply(x, pass);
        Variable back = Back.Apply(Ops.ReverseSteps(x, pass.Lengths), pass with { Carried = null });
        return Ops.Concatenate([ahead, Ops.ReverseSteps(back, pass.Lengths)], 2);
    }
}
