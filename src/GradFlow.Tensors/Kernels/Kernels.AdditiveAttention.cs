using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Additive attention of one query per sample (Bahdanau, Cho &amp; Bengio 2015, appendix A.1.2): scores
    /// e_t = v·tanh(q + k_t), weights α = softmax(e) over the sample's own time steps, and Σ_t α_t·y_t.
    /// </summary>
    /// <param name="query">q, [n, d].</param>
    /// <param name="keys">k, [n, T, d].</param>
    /// <param name="v">[d].</param>
    /// <param name="values">y, [n, T, m].</param>
    /// <param name="lengths">Time steps of each sample that are attended to, at least 1; empty for all.</param>
    /// <param name="hidden">Takes tanh(q + k_t), [n, T, d].</param>
    /// <param name="weights">Takes α, [n, T]; 0 beyond a sample's length.</param>
    /// <param name="into">Takes the weighted sums, [n, m].</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit; all are dense.</exception>
    public static void AdditiveAttention(
        Tensor query, Tensor keys, Tensor v, Tensor values, ReadOnlySpan<int> lengths, Tensor hidden, Tensor weights,
        Tensor into)
    {
        RequireAttention(query, keys, v, values, lengths, weights);
        RequireSameShape(keys, hidden);
        RequireShape(into, new Shape(keys.Shape[0], values.Shape[2]));
        Add(keys, query.Reshape(new Shape(query.Shape[0], 1, query.Shape[1])), hidden);
        Tanh(hidden, hidden);
        if (IsFloat(keys)) Attend<float>(hidden, v, values, lengths, weights, into);
        else Attend<double>(hidden, v, values, lengths, weights, into);
    }

    /// <summary>
    /// The cotangents of <see cref="AdditiveAttention"/>: ∂y_t = α_t·∂c; ∂e_t = α_t·(∂c·y_t − Σ_s α_s·∂c·y_s);
    /// ∂v = Σ ∂e_t·tanh(q + k_t); ∂k_t = ∂e_t·v∘(1 − tanh²(q + k_t)) and ∂q = Σ_t ∂k_t.
    /// </summary>
    /// <param name="v">[d].</param>
    /// <param name="values">y, [n, T, m].</param>
    /// <param name="hidden">tanh(q + k_t), [n, T, d].</param>
    /// <param name="weights">α, [n, T].</param>
    /// <param name="g">∂c, [n, m], dense.</param>
    /// <param name="gQuery">Takes ∂q, [n, d].</param>
    /// <param name="gKeys">Takes ∂k, [n, T, d].</param>
    /// <param name="gV">Takes ∂v, [d].</param>
    /// <param name="gValues">Takes ∂y, [n, T, m].</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void AdditiveAttentionBackward(
        Tensor v, Tensor values, Tensor hidden, Tensor weights, Tensor g, Tensor gQuery, Tensor gKeys, Tensor gV,
        Tensor gValues)
    {
        RequireAttention(gQuery, hidden, v, values, default, weights);
        RequireShape(g, new Shape(hidden.Shape[0], values.Shape[2]));
        RequireSameShape(hidden, gKeys);
        RequireSameShape(v, gV);
        RequireSameShape(values, gValues);
        if (IsFloat(hidden)) AttendBackward<float>(v, values, hidden, weights, g, gQuery, gKeys, gV, gValues);
        else AttendBackward<double>(v, values, hidden, weights, g, gQuery, gKeys, gV, gValues);
    }

    private static void RequireAttention(
        Tensor query, Tensor keys, Tensor v, Tensor values, ReadOnlySpan<int> lengths, Tensor weights)
    {
        RequireSequences(keys);
        RequireSequences(values);
        int samples = keys.Shape[0], steps = keys.Shape[1], size = keys.Shape[2];
        RequireShape(query, new Shape(samples, size));
        RequireShape(v, new Shape(size));
        RequireShape(weights, new Shape(samples, steps));
        RequireShape(values, new Shape(samples, steps, values.Shape[2]));
        foreach (Tensor other in new[] { query, v, values, weights }) RequireSameType(keys, other);
        if (lengths.Length != 0 && lengths.Length != samples)
            throw new ArgumentException($"{lengths.Length} lengths for {samples} samples; expected one each");
        foreach (int length in lengths)
        {
            if (length < 1 || length > steps)
                throw new ArgumentException($"length {length} of sequences of {steps}; expected 1 to {steps}");
        }
    }

    private static void Attend<T>(
        Tensor hidden, Tensor v, Tensor values, ReadOnlySpan<int> lengths, Tensor weights, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int samples = values.Shape[0], steps = values.Shape[1], size = values.Shape[2], d = v.Size;
        for (int n = 0; n < samples; n++)
        {
            int length = lengths.IsEmpty ? steps : lengths[n];
            Span<T> alpha = weights.AsSpan<T>().Slice(n * steps, steps), sum = into.AsSpan<T>().Slice(n * size, size);
            for (int t = 0; t < length; t++)
                alpha[t] = TensorPrimitives.Dot<T>(v.AsSpan<T>(), hidden.AsSpan<T>().Slice((n * steps + t) * d, d));
            SoftmaxRow<T>(alpha[..length], alpha[..length]);
            alpha[length..].Clear();
            sum.Clear();
            for (int t = 0; t < length; t++)
                TensorPrimitives.MultiplyAdd(
                    values.AsSpan<T>().Slice((n * steps + t) * size, size), alpha[t], sum, sum);
        }
    }

    private static void AttendBackward<T>(
        Tensor v, Tensor values, Tensor hidden, Tensor weights, Tensor g, Tensor gQuery, Tensor gKeys, Tensor gV,
        Tensor gValues)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int samples = values.Shape[0], steps = values.Shape[1], size = values.Shape[2], d = v.Size;
        Span<T> ofV = gV.AsSpan<T>();
        ofV.Clear();
        for (int n = 0; n < samples; n++)
        {
            ReadOnlySpan<T> given = g.AsSpan<T>().Slice(n * size, size);
            ReadOnlySpan<T> alpha = weights.AsSpan<T>().Slice(n * steps, steps);
            Span<T> ofQuery = gQuery.AsSpan<T>().Slice(n * d, d);
            ofQuery.Clear();
            T mean = T.Zero;
            for (int t = 0; t < steps; t++)
                mean += alpha[t] * TensorPrimitives.Dot(given, values.AsSpan<T>().Slice((n * steps + t) * size, size));
            for (int t = 0; t < steps; t++)
            {
                int row = n * steps + t;
                ReadOnlySpan<T> y = values.AsSpan<T>().Slice(row * size, size);
                ReadOnlySpan<T> tanh = hidden.AsSpan<T>().Slice(row * d, d);
                Span<T> ofKey = gKeys.AsSpan<T>().Slice(row * d, d);
                T score = alpha[t] * (TensorPrimitives.Dot(given, y) - mean);
                TensorPrimitives.Multiply(given, alpha[t], gValues.AsSpan<T>().Slice(row * size, size));
                TensorPrimitives.MultiplyAdd(tanh, score, ofV, ofV);
                TensorPrimitives.Multiply(tanh, tanh, ofKey);
                TensorPrimitives.Subtract(T.One, ofKey, ofKey);
                TensorPrimitives.Multiply(ofKey, v.AsSpan<T>(), ofKey);
                TensorPrimitives.Multiply(ofKey, score, ofKey);
                TensorPrimitives.Add(ofQuery, ofKey, ofQuery);
            }
        }
    }
}
