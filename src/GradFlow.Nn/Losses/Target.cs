using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>What a batch's outputs are compared with: labels or values.</summary>
/// <param name="Labels">
/// A class index per sample, or per time step of each, −1 where no loss is to count; empty where values are meant.
/// </param>
/// <param name="Values">
/// Numbers in the shape of the outputs, NaN where no loss is to count; null where labels are meant.
/// </param>
public sealed record Target(ReadOnlyMemory<int> Labels, Tensor? Values)
{
    /// <summary>Class indices, one per sample or, one sample after the other, one per time step.</summary>
    public static Target Of(ReadOnlyMemory<int> labels) => new(labels, null);

    /// <summary>Numbers in the shape of the outputs.</summary>
    public static Target Of(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Target(default, values);
    }
}
