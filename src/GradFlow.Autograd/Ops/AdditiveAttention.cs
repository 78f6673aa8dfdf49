using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Additive attention of one query per sample (Bahdanau, Cho &amp; Bengio 2015, appendix A.1.2):
    /// c = Σ_t α_t·y_t with α = softmax_t(v·tanh(q + k_t)). Back, ∂y_t = α_t·∂c,
    /// ∂e_t = α_t·(∂c·y_t − Σ_s α_s·∂c·y_s), ∂v = Σ ∂e_t·tanh(q + k_t), ∂k_t = ∂e_t·v∘(1 − tanh²(q + k_t)) and
    /// ∂q = Σ_t ∂k_t.
    /// </summary>
    /// <param name="query">q, [n, d].</param>
    /// <param name="keys">k, [n, T, d].</param>
    /// <param name="v">[d].</param>
    /// <param name="values">y, [n, T, m].</param>
    /// <param name="lengths">Time steps of each sample that are attended to, at least 1; empty for all.</param>
    /// <returns>c, [n, m].</returns>
    /// <exception cref="ArgumentException">Shapes that don't fit, or different tapes.</exception>
    public static Variable AdditiveAttention(
        Variable query, Variable keys, Variable v, Variable values, ReadOnlyMemory<int> lengths = default)
    {
        Tape tape = SameTape(query, keys);
        SameTape(query, v);
        SameTape(query, values);
        if (query.Shape.Count != 2 || keys.Shape.Count != 3 || values.Shape.Count != 3)
            throw new ArgumentException(
                $"query {query.Shape}, keys {keys.Shape} and values {values.Shape}; expected [n, d], [n, T, d] and "
                + "[n, T, m]");
        Tensor y = Dense(values.Value), hidden = tape.RentLike(keys.Value);
        Tensor weights = tape.Rent(new Shape(keys.Shape[0], keys.Shape[1]), keys.Value.ElementType);
        Tensor c = tape.Rent(new Shape(values.Shape[0], values.Shape[2]), values.Value.ElementType);
        Kernels.AdditiveAttention(
            Dense(query.Value), Dense(keys.Value), v.Value, y, lengths.Span, hidden, weights, c);
        return tape.Record("additive-attention", c, [query, keys, v, values], (g, sink) =>
        {
            Tensor[] into = [.. new[] { query, keys, v, values }.Select(input => tape.RentLike(input.Value))];
            Kernels.AdditiveAttentionBackward(
                v.Value, y, hidden, weights, Dense(g), into[0], into[1], into[2], into[3]);
            for (int i = 0; i < into.Length; i++)
            {
                if (sink.Wants(i)) sink.Give(i, into[i]);
                else tape.Pool.Return(into[i]);
            }
        });
    }
}
