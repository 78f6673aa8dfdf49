namespace GradFlow.Tensors;

/// <summary>The number format of a tensor's elements.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32, the default.</summary>
    Float32,

    /// <summary>IEEE 754 binary64, for gradient checking and reference values.</summary>
    Float64,
}
