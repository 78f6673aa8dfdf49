using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>What is minimised: one number for a batch. Immutable.</summary>
public abstract class Loss
{
    private protected Loss(string name, bool isClassification)
    {
        Name = name;
        IsClassification = isClassification;
    }

    /// <summary>The name as the experiment file writes it, such as <c>cross-entropy</c>.</summary>
    public string Name { get; }

    /// <summary>True where targets are classes, so that <see cref="Accuracy"/> has a meaning.</summary>
    public bool IsClassification { get; }

    /// <summary>
    /// The loss of a batch, a single number on the output's tape. Outputs at every time step, [n, steps, outputs], are
    /// compared as [n·steps, outputs]: where the loss is a mean over the batch, it is one over batch and steps.
    /// </summary>
    /// <param name="output">The net's output, [n, outputs] or [n, steps, outputs].</param>
    /// <param name="target">
    /// What it is compared with: n labels, or n·steps with a sample's one after the other; or values in the output's
    /// shape.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Labels where values are needed or the reverse, shapes that differ, or a label out of range.
    /// </exception>
    public Variable Evaluate(Variable output, Target target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.Shape.Count != 3) return Compare(output, target);
        if (target.Values is { } values && values.Shape != output.Shape)
            throw new ArgumentException(
                $"values of shape {values.Shape} for outputs of shape {output.Shape}; '{Name}' expects the same shape");
        var flat = new Shape(output.Shape[0] * output.Shape[1], output.Shape[2]);
        return Compare(Ops.Reshape(output, flat), target with { Values = target.Values?.Reshape(flat) });
    }

    private protected abstract Variable Compare(Variable output, Target target);

    private protected ReadOnlyMemory<int> Labels(Target target) => target.Values is null
        ? target.Labels
        : throw new ArgumentException(
            $"'{Name}' compares with class labels; got values of shape {target.Values.Shape}");

    private protected Tensor Values(Target target) => target.Values
        ?? throw new ArgumentException($"'{Name}' compares with values; got {target.Labels.Length} class labels");
}
