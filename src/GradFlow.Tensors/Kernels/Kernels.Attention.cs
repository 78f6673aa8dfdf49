using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Scaled dot-product attention of several heads side by side: y_i = Σ_j w_ij·v_j, where query i gives the keys
    /// that it sees weights of sum 1, softmax(q_i·k_j/√size) (Vaswani et al. 2017, eq. 1) or those of
    /// <see cref="AttentionKind.Linear"/>. A query that sees no key gets zeros.
    /// </summary>
    /// <remarks>
    /// Scores are held by blocks alone, so memory is linear in the length. Heads are shared among cores.
    /// </remarks>
    /// <param name="settings">Which keys a query sees, and how.</param>
    /// <param name="tensors">What is read, and where output and normalisers go.</param>
    /// <exception cref="ArgumentException">Shapes, element types or settings don't fit.</exception>
    public static void Attention(AttentionSettings settings, AttentionTensors tensors)
    {
        AttentionSizes sizes = RequireAttention(settings, tensors);
        if (IsFloat(tensors.Query)) Attention<float>(sizes, settings, tensors);
        else Attention<double>(sizes, settings, tensors);
    }

    /// <summary>The way back of <see cref="Attention"/>, which computes weights again, block by block.</summary>
    /// <param name="settings">As on the way forward.</param>
    /// <param name="tensors">What the way forward has read and written.</param>
    /// <param name="cotangents">That of the output, and where those of the inputs go.</param>
    /// <exception cref="ArgumentException">Shapes, element types or settings don't fit.</exception>
    public static void AttentionBackward(
        AttentionSettings settings, AttentionTensors tensors, AttentionCotangents cotangents)
    {
        AttentionSizes sizes = RequireAttention(settings, tensors);
        RequireLike(tensors.Output, cotangents.Output);
        RequireLike(tensors.Query, cotangents.Query);
        RequireLike(tensors.Key, cotangents.Key);
        RequireLike(tensors.Value, cotangents.Value);
        if (IsFloat(tensors.Query)) AttentionBackward<float>(sizes, settings, tensors, cotangents);
        else AttentionBackward<double>(sizes, settings, tensors, cotangents);
    }

    /// <summary>The mean entropy of each head's rows of weights, which are computed anew.</summary>
    /// <param name="settings">Which keys a query sees, and how.</param>
    /// <param name="query">[n, queries, features].</param>
    /// <param name="key">[n, keys, features].</param>
    /// <param name="isSelf">Whether queries and keys are the same sequences, so that padding asks nothing.</param>
    /// <exception cref="ArgumentException">Shapes, element types or settings don't fit.</exception>
    public static AttentionEntropy[] AttentionEntropies(
        AttentionSettings settings, Tensor query, Tensor key, bool isSelf = false)
    {
        AttentionSizes sizes = RequireAttention(settings, query, key);
        double[] sums = IsFloat(query)
            ? AttentionSums<float>(sizes, settings, query, key, isSelf)
            : AttentionSums<double>(sizes, settings, query, key, isSelf);
        int each = sums.Length / sizes.Pairs;
        double Total(int head, int sum)
        {
            double total = 0;
            for (int pair = head; pair < sizes.Pairs; pair += sizes.Heads) total += sums[pair * each + sum];
            return total;
        }
        return [.. Enumerable.Range(0, sizes.Heads).Select(
            head => new AttentionEntropy(Total(head, 0) / Total(head, 2), Total(head, 1) / Total(head, 3)))];
    }

    /// <summary>φ(x) = elu(x) + 1: x + 1 above 0, eˣ below.</summary>
    internal static void MapFeatures<T>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T> => Unary<T, FeatureMap<T>>(x, into);

    private readonly struct FeatureMap<T> : IUnary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static V Apply<V>(V x)
            where V : struct, IPacked<V, T> =>
            V.WhereAtMost(x, V.Fill(T.Zero), PackedFunctions<T, V>.Exp(x), x + V.Fill(T.One));
    }

    private static void Attention<T>(AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (settings.Kind == AttentionKind.Linear)
            Workers.Run(new LinearForward<T>(sizes, settings, tensors), sizes.Pairs);
        else if (Vector512.IsHardwareAccelerated)
            Workers.Run(
                new SoftmaxForward<T, WidePacked<T>>(sizes, settings, tensors), sizes.Pairs * sizes.QueryBlocks);
        else
            Workers.Run(
                new SoftmaxForward<T, NativePacked<T>>(sizes, settings, tensors), sizes.Pairs * sizes.QueryBlocks);
    }

    private static void AttentionBackward<T>(
        AttentionSizes sizes, AttentionSettings settings, AttentionTensors tensors, AttentionCotangents cotangents)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (settings.Kind == AttentionKind.Linear)
            Workers.Run(new LinearBackward<T>(sizes, settings, tensors, cotangents), sizes.Pairs);
        else if (Vector512.IsHardwareAccelerated)
            Workers.Run(
                new SoftmaxBackward<T, WidePacked<T>>(sizes, settings, tensors, cotangents), sizes.Pairs);
        else
            Workers.Run(
                new SoftmaxBackward<T, NativePacked<T>>(sizes, settings, tensors, cotangents), sizes.Pairs);
    }

    private static double[] AttentionSums<T>(
        AttentionSizes sizes, AttentionSettings settings, Tensor query, Tensor key, bool isSelf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        return Vector512.IsHardwareAccelerated ? Of<WidePacked<T>>() : Of<NativePacked<T>>();

        double[] Of<V>()
            where V : struct, IPacked<V, T>
        {
            double[] sums = new double[sizes.Pairs * AttentionRows<T, V>.Sums];
            Workers.Run(new AttentionRows<T, V>(sizes, settings, query, key, isSelf, sums), sizes.Pairs);
            return sums;
        }
    }

    private static AttentionSizes RequireAttention(AttentionSettings settings, AttentionTensors tensors)
    {
        AttentionSizes sizes = RequireAttention(settings, tensors.Query, tensors.Key);
        RequireLike(tensors.Key, tensors.Value);
        RequireLike(tensors.Query, tensors.Output);
        RequireSameType(tensors.Query, tensors.Normalizers);
        RequireShape(tensors.Normalizers, new Shape(sizes.Samples, sizes.Heads, sizes.Queries));
        return sizes;
    }

    private static AttentionSizes RequireAttention(AttentionSettings settings, Tensor query, Tensor key)
    {
        RequireSequences(query);
        RequireSequences(key);
        RequireSameType(query, key);
        RequireDenseFeatures(query);
        RequireDenseFeatures(key);
        int features = query.Shape[2], keys = key.Shape[1];
        if (key.Shape[0] != query.Shape[0] || key.Shape[2] != features)
            throw new ArgumentException(
                $"queries {query.Shape} with keys {key.Shape}; expected as many samples and features");
        if (settings.Heads < 1 || features % settings.Heads != 0)
            throw new ArgumentException($"{features} features in {settings.Heads} heads; expected a divisor");
        if (settings.Window is < 1)
            throw new ArgumentException($"a window of {settings.Window} keys; expected 1 or more");
        if (settings is { Kind: AttentionKind.Linear, Window: not null })
            throw new ArgumentException("linear attention has no window; expected none, or softmax attention");
        if ((settings.IsCausal || settings.Window is not null) && keys != query.Shape[1])
            throw new ArgumentException(
                $"{query.Shape[1]} queries with {keys} keys; causal and windowed attention expect as many");
        if (!settings.KeyLengths.IsEmpty) RequireLengths(settings.KeyLengths.Span, query.Shape[0], keys);
        return new AttentionSizes(
            query.Shape[0], query.Shape[1], keys, settings.Heads, features / settings.Heads);
    }

    private static void RequireLengths(ReadOnlySpan<int> lengths, int samples, int keys)
    {
        if (lengths.Length != samples)
            throw new ArgumentException($"{lengths.Length} lengths for {samples} samples; expected one each");
        foreach (int length in lengths)
            if (length < 0 || length > keys)
                throw new ArgumentException($"a length of {length} with {keys} time steps; expected 0 to {keys}");
    }

    private static void RequireLike(Tensor tensor, Tensor other)
    {
        RequireSameShape(tensor, other);
        RequireDenseFeatures(other);
    }

    private static void RequireDenseFeatures(Tensor tensor)
    {
        if (tensor.Shape[2] > 1 && tensor.StrideArray[2] != 1)
            throw new ArgumentException(
                $"a tensor of shape {tensor.Shape} whose features don't lie side by side; clone it first");
    }
}
