using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Independent draws from N(mean, std²): element i is mean + std·<see cref="RandomKey.Normal"/>(i).
    /// </summary>
    public static void FillNormalInPlace(Tensor into, RandomKey key, double mean, double std) =>
        Generate(into, (start, values) =>
        {
            key.FillNormal(start, values);
            foreach (ref double value in values) value = mean + std * value;
        });

    /// <summary>Independent draws from the uniform distribution on [low, high).</summary>
    public static void FillUniformInPlace(Tensor into, RandomKey key, double low, double high) =>
        Generate(into, (start, values) =>
        {
            key.FillUniform(start, values);
            foreach (ref double value in values) value = low + (high - low) * value;
        });

    /// <summary>0 with probability p, else 1/(1−p).</summary>
    public static void DropoutMask(RandomKey key, double p, Tensor into) =>
        Generate(into, (start, values) =>
        {
            key.FillUniform(start, values);
            foreach (ref double value in values) value = value < p ? 0 : 1 / (1 - p);
        });

    private delegate void Draws(int start, Span<double> values);

    /// <summary>Has the elements made in float64, a stretch of even length at a time.</summary>
    private static void Generate(Tensor into, Draws draws)
    {
        ArgumentNullException.ThrowIfNull(into);
        Span<double> buffer = stackalloc double[256];
        for (int start = 0; start < into.Size; start += buffer.Length)
        {
            Span<double> part = buffer[..Math.Min(buffer.Length, into.Size - start)];
            draws(start, part);
            if (IsFloat(into)) TensorPrimitives.ConvertTruncating<double, float>(part, into.AsSpan<float>()[start..]);
            else part.CopyTo(into.AsSpan<double>()[start..]);
        }
    }
}
