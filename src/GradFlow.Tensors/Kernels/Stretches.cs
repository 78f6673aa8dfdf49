namespace GradFlow.Tensors;

/// <summary>
/// How the elements of large tensors fall into stretches for threads. Each element is computed alone, so that where a
/// stretch ends changes no bit.
/// </summary>
internal static class Stretches
{
    /// <summary>Elements below which another thread would cost more than it saves.</summary>
    public const int FewestShared = 1 << 16;

    private const int Length = 1 << 15;

    /// <summary>How many stretches so many elements make.</summary>
    public static int Of(int elements) => (elements + Length - 1) / Length;

    /// <summary>The elements of one stretch.</summary>
    public static Range At(int stretch, int elements) =>
        (stretch * Length)..Math.Min(elements, (stretch + 1) * Length);
}
