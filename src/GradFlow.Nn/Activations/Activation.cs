using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>An elementwise non-linearity φ.</summary>
public abstract class Activation : Module
{
    private protected Activation(string name, string type, params IReadOnlyList<Parameter> parameters)
        : base(name, type, ModuleKind.Activation) => OwnParameters = parameters;

    /// <summary>True where φ is bounded on both sides, so that it can saturate.</summary>
    public abstract bool IsBounded { get; }

    /// <summary>True where φ' is exactly 0 on a whole range, so that a unit can die.</summary>
    public abstract bool CanDie { get; }

    /// <summary>The largest |φ'|; infinite where there is none.</summary>
    public abstract double LargestSlope { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <summary>φ(x), recorded in the scope of the layer that uses it.</summary>
    public Variable Of(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Forward(x, Pass.Evaluation);
    }

    /// <summary>φ'(x).</summary>
    public abstract double SlopeAt(double x);
}
