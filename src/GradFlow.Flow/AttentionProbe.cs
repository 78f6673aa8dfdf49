using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// How widely the heads of attention layers look, from the weights of the last pass: of the batch's first samples, as
/// many as together ask <see cref="Queries"/>.
/// </summary>
/// <param name="layers">The layers, in the order of the run's table.</param>
internal sealed class AttentionProbe(IReadOnlyList<MultiHeadAttention> layers)
{
    /// <summary>
    /// Rows of weights that a head's mean entropy is taken over, at least, as far as the batch has them.
    /// </summary>
    public const int Queries = 256;

    /// <summary>
    /// One profile per layer; null for a layer that the step didn't pass, and where there is no layer.
    /// </summary>
    public AttentionProfile?[]? Measure(Tape tape) =>
        layers.Count == 0 ? null : [.. layers.Select(layer => Profile(layer, tape))];

    private static AttentionProfile? Profile(MultiHeadAttention layer, Tape tape)
    {
        if (tape.Variables.LastOrDefault(v => v.Attention is not null && v.Scope == layer.Name) is not { } pass)
            return null;
        _ = pass.Value;
        int queries = Math.Max(1, pass.Shape[1]);
        AttentionEntropy[] heads = pass.Attention!.Entropies((Queries + queries - 1) / queries);
        return new AttentionProfile([.. heads.Select(head => head.Nats)], [.. heads.Select(head => head.Share)]);
    }
}
