using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>A tensor that training changes, with its gradient. Mutable: optimisers write <see cref="Value"/>.</summary>
/// <param name="name">The stable name, such as <c>linear-3.weight</c>; draws and records are keyed by it.</param>
/// <param name="value">The numbers, with storage of their own.</param>
public sealed class Parameter(string name, Tensor value)
{
    /// <summary>The stable name.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>The numbers, with storage of their own.</summary>
    public Tensor Value { get; } = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>
    /// ∂L/∂value in plain float32 (or float64), summed over the backward passes since <see cref="ClearGradient"/>;
    /// meaningful while <see cref="HasGradient"/>.
    /// </summary>
    public Tensor Gradient { get; } = Tensor.Zeros(value.Shape, value.ElementType);

    /// <summary>True from the first backward pass that reached this parameter until the gradient is cleared.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>True where training shall leave it alone: no gradient is computed for it.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Forgets the gradient.</summary>
    public void ClearGradient() => HasGradient = false;

    /// <summary>The gradient has been written into <see cref="Gradient"/>.</summary>
    internal void IsFilled() => HasGradient = true;

    /// <summary>Adds a cotangent, turned into plain numbers: the one place where an exponent is given up.</summary>
    internal void Accumulate(Cotangent cotangent)
    {
        if (HasGradient)
        {
            Kernels.ScaleByPowerOfTwoInPlace(cotangent.Mantissa, cotangent.Exponent);
            Kernels.AddInPlace(Gradient, cotangent.Mantissa);
            return;
        }
        Kernels.Copy(cotangent.Mantissa, Gradient);
        Kernels.ScaleByPowerOfTwoInPlace(Gradient, cotangent.Exponent);
        HasGradient = true;
    }
}
