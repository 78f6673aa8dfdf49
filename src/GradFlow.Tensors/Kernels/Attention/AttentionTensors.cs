namespace GradFlow.Tensors;

/// <summary>
/// What attention reads and writes; features of a time step lie side by side, all else may be strided.
/// </summary>
/// <param name="Query">[n, queries, features].</param>
/// <param name="Key">[n, keys, features].</param>
/// <param name="Value">Likewise.</param>
/// <param name="Output">Likewise, of queries.</param>
/// <param name="Normalizers">
/// What weights are divided by, [n, heads, queries]: of softmax its logarithm.
/// </param>
public readonly record struct AttentionTensors(
    Tensor Query, Tensor Key, Tensor Value, Tensor Output, Tensor Normalizers);

/// <summary>The cotangents of attention's output and inputs, in the same shapes.</summary>
/// <param name="Output">∂L/∂output.</param>
/// <param name="Query">Takes ∂L/∂query.</param>
/// <param name="Key">Takes ∂L/∂key.</param>
/// <param name="Value">Takes ∂L/∂value.</param>
public readonly record struct AttentionCotangents(Tensor Output, Tensor Query, Tensor Key, Tensor Value);
