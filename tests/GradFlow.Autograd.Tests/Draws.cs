using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Tensors of normal draws, keyed by name.</summary>
internal static class Draws
{
    public static Tensor Normal(string name, ElementType type, double std, params int[] extents)
    {
        Tensor tensor = Tensor.Zeros(new Shape(extents), type);
        Kernels.FillNormalInPlace(tensor, new RandomKey(5, "test", name), 0, std);
        return tensor;
    }

    public static Tensor Single(string name, params int[] extents) => Normal(name, ElementType.Float32, 1, extents);

    public static Tensor Twofold(string name, params int[] extents) => Normal(name, ElementType.Float64, 1, extents);

    public static Parameter Parameter(string name, double std, params int[] extents) =>
        new(name, Normal(name, ElementType.Float32, std, extents));
}
