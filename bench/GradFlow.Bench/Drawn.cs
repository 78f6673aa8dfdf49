using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>Numbers to compute with: the same normal draws in each run.</summary>
internal static class Drawn
{
    public static Tensor Normal(string name, params ReadOnlySpan<int> extents)
    {
        Tensor tensor = Tensor.Zeros(new Shape(extents));
        Kernels.FillNormalInPlace(tensor, new RandomKey(1, "bench", name), 0, 1);
        return tensor;
    }
}
