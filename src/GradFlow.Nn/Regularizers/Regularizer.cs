using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A penalty on parameters that is added to the loss, so that the optimiser minimises both and probes see the sum.
/// Frozen parameters are left out.
/// </summary>
public abstract class Regularizer
{
    private protected Regularizer(string name, double factor, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (Name, Factor, Parameters) = (name, Bounds.RequireNonNegative(factor), parameters);
    }

    /// <summary>The name as the experiment file writes it, such as <c>l2</c>.</summary>
    public string Name { get; }

    /// <summary>What the penalty is multiplied by, at least 0.</summary>
    public double Factor { get; }

    /// <summary>The parameters that are penalised.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// The penalty of the present parameters, a single number on a tape; null where there are none, or where the way
    /// back alone knows it. Call it once per tape, before the way back.
    /// </summary>
    /// <param name="tape">The step's tape, which the loss lies on.</param>
    public Variable? Penalty(Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        Variable? sum = null;
        foreach (Parameter parameter in Parameters)
        {
            if (parameter.IsFrozen) continue;
            if (PenaltyOf(parameter, tape.Use(parameter)) is not { } term) continue;
            sum = sum is null ? term : sum + term;
        }
        return sum is null ? null : Factor * sum;
    }

    /// <summary>One parameter's penalty without the factor, a scalar; null where the way back makes it.</summary>
    private protected abstract Variable? PenaltyOf(Parameter parameter, Variable value);

    /// <summary>The parameters, each of which must have two dimensions or more.</summary>
    private protected static IReadOnlyList<Parameter> Matrices(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.FirstOrDefault(p => p.Value.Shape.Count < 2) is { } vector
            ? throw new ArgumentException(
                $"'{vector.Name}' has shape {vector.Value.Shape}; expected weights of two dimensions or more",
                nameof(parameters))
            : parameters;
    }

    /// <summary>A weight [out, in, …] as the matrix [out, in·…].</summary>
    private protected static Shape MatrixShape(Shape shape) => new(shape[0], shape.Size / shape[0]);
}
