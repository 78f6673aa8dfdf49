namespace GradFlow.Tensors.Tests;

/// <summary>
/// Tensors of one shape that lie in memory in every way that views make possible, with normal draws in them.
/// </summary>
internal static class Layouts
{
    public static readonly ElementType[] Types = [ElementType.Float32, ElementType.Float64];

    /// <summary>Half a unit in the last place, relative.</summary>
    public static double Rounding(ElementType type) =>
        type == ElementType.Float32 ? Math.Pow(2, -24) : Math.Pow(2, -53);

    public static Tensor Dense(Shape shape, ElementType type = ElementType.Float32, string name = "x")
    {
        Tensor tensor = Tensor.Zeros(shape, type);
        Kernels.FillNormalInPlace(tensor, new RandomKey(11, "test", name), 0, 1);
        return tensor;
    }

    /// <summary>Dense, cut out of something larger, transposed, and repeated along each dimension.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> All(Shape shape, ElementType type, string name)
    {
        yield return ("dense", Dense(shape, type, name));
        if (shape.Count == 0) yield break;
        yield return ("sliced", Sliced(shape, type, name));
        if (shape.Count >= 2)
        {
            int[] exchanged = [.. shape];
            (exchanged[0], exchanged[^1]) = (exchanged[^1], exchanged[0]);
            yield return ("transposed", Dense(new Shape(exchanged), type, name).Transpose(0, -1));
            yield return ("sliced and transposed", Sliced(new Shape(exchanged), type, name).Transpose(0, -1));
        }
        for (int d = 0; d < shape.Count; d++)
        {
            int[] thin = [.. shape];
            if (thin[d] == 0) continue;
            thin[d] = 1;
            yield return ($"repeated along {d}", Dense(new Shape(thin), type, name).BroadcastTo(shape));
        }
    }

    /// <summary>All indices of a shape in row-major order.</summary>
    public static IEnumerable<int[]> Indices(Shape shape)
    {
        for (int flat = 0; flat < shape.Size; flat++)
        {
            int[] index = new int[shape.Count];
            for (int d = shape.Count - 1, rest = flat; d >= 0; d--)
            {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }
            yield return index;
        }
    }

    /// <summary>The element that broadcasting shows at an index of the larger shape.</summary>
    public static double At(Tensor tensor, int[] index)
    {
        int lead = index.Length - tensor.Shape.Count;
        int[] own = new int[tensor.Shape.Count];
        for (int d = 0; d < own.Length; d++) own[d] = tensor.Shape[d] == 1 ? 0 : index[lead + d];
        return tensor[own];
    }

    private static Tensor Sliced(Shape shape, ElementType type, string name)
    {
        int[] wide = [.. shape.Select(extent => extent + 3)];
        Tensor cut = Dense(new Shape(wide), type, name);
        for (int d = 0; d < shape.Count; d++) cut = cut.Slice(d, 2, shape[d]);
        return cut;
    }
}
