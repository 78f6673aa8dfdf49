using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Attention of several heads side by side as one op: y_i = Σ_j w_ij·v_j with weights w_i =
    /// softmax_j(q_i·k_j/√size) over the keys that query i sees (Vaswani et al. 2017), or those of
    /// <see cref="AttentionKind.Linear"/> (Katharopoulos et al. 2020). Back: ∂v_j = Σ_i w_ij·∂y_i, and with ∂s_ij =
    /// w_ij·∂y_i·(v_j − y_i)/√size that of the scores, ∂q_i = Σ_j ∂s_ij·k_j and ∂k_j = Σ_i ∂s_ij·q_i. Weights are
    /// computed again on the way back, so memory is linear in the length (Dao et al. 2022).
    /// </summary>
    /// <param name="query">[n, queries, features].</param>
    /// <param name="key">[n, keys, features].</param>
    /// <param name="value">Likewise.</param>
    /// <param name="settings">Heads, which keys a query sees, and how.</param>
    /// <returns>[n, queries, features]; zeros for a query that sees no key.</returns>
    /// <exception cref="ArgumentException">The shapes or settings don't fit.</exception>
    public static Variable Attention(Variable query, Variable key, Variable value, AttentionSettings settings)
    {
        Tape tape = SameTape(query, key);
        SameTape(query, value);
        (Tensor q, Tensor k, Tensor v) = (Dense(query.Value), Dense(key.Value), Dense(value.Value));
        return Attend(tape, settings, (q, k, v), [query, key, value], (g, sink, backward) =>
        {
            Tensor gq = tape.RentLike(q), gk = tape.RentLike(k), gv = tape.RentLike(v);
            backward(gq, gk, gv);
            sink.Give(0, gq);
            sink.Give(1, gk);
            sink.Give(2, gv);
        }, () => (query.Value, key.Value));
    }

    /// <summary>
    /// <see cref="Attention(Variable, Variable, Variable, AttentionSettings)"/> of queries, keys and values that lie
    /// side by side, as one product with stacked weights gives them: sequences attend to themselves.
    /// </summary>
    /// <param name="packed">[n, T, 3·features]: queries, keys and values.</param>
    /// <param name="settings">Heads, which keys a query sees, and how.</param>
    /// <returns>[n, T, features].</returns>
    /// <exception cref="ArgumentException">The shapes or settings don't fit.</exception>
    public static Variable Attention(Variable packed, AttentionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(packed);
        RequireColumns(packed, 3);
        Tape tape = packed.Tape;
        Tensor all = Dense(packed.Value);
        return Attend(tape, settings, (Part(all, 0, 3), Part(all, 1, 3), Part(all, 2, 3)), [packed],
            (g, sink, backward) =>
            {
                Tensor into = tape.RentLike(all);
                backward(Part(into, 0, 3), Part(into, 1, 3), Part(into, 2, 3));
                sink.Give(0, into);
            }, () => (Part(packed.Value, 0, 3), Part(packed.Value, 1, 3)));
    }

    /// <summary>
    /// <see cref="Attention(Variable, Variable, Variable, AttentionSettings)"/> of queries to keys and values that lie
    /// side by side: sequences attend to others, such as a decoder's to an encoder's.
    /// </summary>
    /// <param name="query">[n, queries, features].</param>
    /// <param name="packed">[n, keys, 2·features]: keys and values.</param>
    /// <param name="settings">Heads, which keys a query sees, and how.</param>
    /// <returns>[n, queries, features].</returns>
    /// <exception cref="ArgumentException">The shapes or settings don't fit.</exception>
    public static Variable Attention(Variable query, Variable packed, AttentionSettings settings)
    {
        Tape tape = SameTape(query, packed);
        RequireColumns(packed, 2);
        Tensor q = Dense(query.Value), all = Dense(packed.Value);
        return Attend(tape, settings, (q, Part(all, 0, 2), Part(all, 1, 2)), [query, packed],
            (g, sink, backward) =>
            {
                Tensor gq = tape.RentLike(q), into = tape.RentLike(all);
                backward(gq, Part(into, 0, 2), Part(into, 1, 2));
                sink.Give(0, gq);
                sink.Give(1, into);
            }, () => (query.Value, Part(packed.Value, 0, 2)));
    }

    private static Variable Attend(
        Tape tape, AttentionSettings settings, (Tensor Query, Tensor Key, Tensor Value) x, Variable[] inputs,
        Action<Tensor, CotangentSink, Action<Tensor, Tensor, Tensor>> give, Func<(Tensor, Tensor)> operands)
    {
        Shape shape = x.Query.Shape;
        if (shape.Count != 3 || settings.Heads < 1)
            throw new ArgumentException(
                $"attention of {shape} in {settings.Heads} heads; expected sequences [n, T, f] and at least one head");
        Tensor y = tape.Rent(shape, x.Query.ElementType);
        Tensor normalizers = tape.Rent(new Shape(shape[0], settings.Heads, shape[1]), x.Query.ElementType);
        var tensors = new AttentionTensors(x.Query, x.Key, x.Value, y, normalizers);
        Kernels.Attention(settings, tensors);
        string name = settings.Kind == AttentionKind.Linear ? "linear-attention" : "attention";
        Variable output = tape.Record(name, y, inputs, (g, sink) => give(g, sink, (gq, gk, gv) =>
            Kernels.AttentionBackward(settings, tensors, new AttentionCotangents(g, gq, gk, gv))));
        output.Attention = new Attention(settings, operands, isSelf: inputs.Length == 1);
        return output;
    }

    private static void RequireColumns(Variable packed, int parts)
    {
        if (packed.Shape.Count != 3 || packed.Shape[2] % parts != 0)
            throw new ArgumentException($"packed input {packed.Shape}; expected [n, T, {parts}·features]");
    }

    private static Tensor Part(Tensor packed, int part, int parts)
    {
        int features = packed.Shape[2] / parts;
        return packed.Slice(2, part * features, features);
    }
}
