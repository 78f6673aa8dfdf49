namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>Independent draws from N(mean, std²).</summary>
    public static void FillNormalInPlace(Tensor into, RandomKey key, double mean, double std) =>
        Generate(into, i => mean + std * key.Normal(i));

    /// <summary>Independent draws from the uniform distribution on [low, high).</summary>
    public static void FillUniformInPlace(Tensor into, RandomKey key, double low, double high) =>
        Generate(into, i => low + (high - low) * key.Uniform(i));

    /// <summary>0 with probability p, else 1/(1−p).</summary>
    public static void DropoutMask(RandomKey key, double p, Tensor into) =>
        Generate(into, i => key.Uniform(i) < p ? 0 : 1 / (1 - p));

    private static void Generate(Tensor into, Func<int, double> draw)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (IsFloat(into))
        {
            Span<float> to = into.AsSpan<float>();
            for (int i = 0; i < to.Length; i++) to[i] = (float)draw(i);
        }
        else
        {
            Span<double> to = into.AsSpan<double>();
            for (int i = 0; i < to.Length; i++) to[i] = draw(i);
        }
    }
}
